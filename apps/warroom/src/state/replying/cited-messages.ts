import { findMessage } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { useEffect } from 'react'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'
import { useRoom } from '../rooms/rooms.ts'

/** Holds cited messages that the room has not loaded. Null means that this reader may not read the message. */
const useLoadedMessages = create<Record<string, Message | null>>(() => ({}))

/** Returns a cited message. If the room has not loaded it, this hook loads it and returns undefined until then. */
export function useCitedMessage(event_id: string, message_id: string | undefined): Message | null | undefined {
  const inRoom = useRoom(event_id, (room) => (message_id === undefined ? undefined : findMessage(room, message_id)))
  const loaded = useLoadedMessages((all) => (message_id === undefined ? null : all[message_id]))
  const isMissing = message_id !== undefined && inRoom === undefined && loaded === undefined
  useEffect(() => {
    if (isMissing) void loadCitedMessage(event_id, message_id)
  }, [isMissing, event_id, message_id])
  return inRoom ?? loaded
}

async function loadCitedMessage(event_id: string, message_id: string): Promise<void> {
  const messages = await client.listMessages(event_id, { around: message_id, limit: 3 }).then(
    (page) => page.messages,
    () => [],
  )
  useLoadedMessages.setState({ [message_id]: messages.find((message) => message.message_id === message_id) ?? null })
}
