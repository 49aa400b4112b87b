import { findMessage } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { useEffect } from 'react'
import { create } from 'zustand'
import { createLoadOrder } from '../page/load-order.ts'
import { client } from '../people/sign-in.ts'
import { useRoom } from '../rooms/rooms.ts'

/** Holds cited messages that the room has not loaded. Null means that the load failed or found no message. */
const useLoadedMessages = create<Record<string, Message | null>>(() => ({}))

/**
 * Returns a cited message. If the room has not loaded the message, each preview loads it, because the last load may have
 * failed; the result is undefined until the first load ends. Returns null if this reader may not read the message, if
 * every load failed, or if no message is cited.
 */
export function useCitedMessage(event_id: string, message_id: string | undefined): Message | null | undefined {
  const roomMessage = useRoom(event_id, (room) =>
    message_id === undefined ? undefined : findMessage(room, message_id),
  )
  const loadedMessage = useLoadedMessages((messages) => (message_id === undefined ? null : messages[message_id]))
  const isInRoom = roomMessage !== undefined
  useEffect(() => {
    if (message_id !== undefined && !isInRoom) void loadCitedMessage(event_id, message_id)
  }, [isInRoom, event_id, message_id])
  return roomMessage ?? loadedMessage
}

const registerLoad = createLoadOrder()

async function loadCitedMessage(event_id: string, message_id: string): Promise<void> {
  const isNewestResult = registerLoad(message_id)
  try {
    const { messages } = await client.listMessages(event_id, { around: message_id, limit: 3 })
    const citedMessage = messages.find((message) => message.message_id === message_id) ?? null
    if (isNewestResult()) useLoadedMessages.setState({ [message_id]: citedMessage })
  } catch {
    // A failure replaces no result of another load.
    useLoadedMessages.setState((loadedMessages) => ({ [message_id]: loadedMessages[message_id] ?? null }))
  }
}
