import { findMessage } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { useEffect } from 'react'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'
import { useRoom } from '../rooms/rooms.ts'

/** Holds cited messages that the room has not loaded. Null means that the load failed or found no message. */
const useLoadedMessages = create<Record<string, Message | null>>(() => ({}))

/**
 * Returns a cited message. If the room has not loaded the message, this hook loads it and returns undefined until then.
 * Returns null if this reader may not read the message, if the load fails, or if no message is cited.
 */
export function useCitedMessage(event_id: string, message_id: string | undefined): Message | null | undefined {
  const roomMessage = useRoom(event_id, (room) =>
    message_id === undefined ? undefined : findMessage(room, message_id),
  )
  const loadedMessage = useLoadedMessages((messages) => (message_id === undefined ? null : messages[message_id]))
  const isMissing = message_id !== undefined && roomMessage === undefined && loadedMessage === undefined
  useEffect(() => {
    if (isMissing) void loadCitedMessage(event_id, message_id)
  }, [isMissing, event_id, message_id])
  return roomMessage ?? loadedMessage
}

async function loadCitedMessage(event_id: string, message_id: string): Promise<void> {
  const messages = await client.listMessages(event_id, { around: message_id, limit: 3 }).then(
    (page) => page.messages,
    () => [],
  )
  useLoadedMessages.setState({ [message_id]: messages.find((message) => message.message_id === message_id) ?? null })
}
