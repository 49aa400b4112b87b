import { addMessages } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { useMemo } from 'react'
import { client } from '../people/sign-in.ts'
import { getRoom, useRoom } from './rooms.ts'

const PAGE_SIZE = 100

/**
 * Returns the room's pinned messages in the order in which they were written. A pin is a field of its message. Pins of
 * old messages are loaded when the room is opened, and later changes arrive as changes of the message.
 */
export function usePins(event_id: string): Message[] {
  const messages = useRoom(event_id, (room) => room.messages)
  return useMemo(() => messages.filter(({ pinned }) => pinned !== undefined), [messages])
}

/** Loads all pins. A reset of the room drops them, so they are loaded again after each reset. */
export async function loadPins(event_id: string): Promise<void> {
  let cursor: string | null = null
  do {
    const page = await client.listPins(event_id, { limit: PAGE_SIZE, ...(cursor !== null && { cursor }) })
    addToRoom(event_id, page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
}

const addToRoom = (event_id: string, messages: Message[]) =>
  getRoom(event_id).updateState((state) => addMessages(state, messages))

export async function pinMessage({ event_id, message_id }: Pick<Message, 'event_id' | 'message_id'>): Promise<void> {
  addToRoom(event_id, [await client.pinMessage(event_id, message_id)])
}

export async function unpinMessage({ event_id, message_id }: Message): Promise<void> {
  addToRoom(event_id, [await client.unpinMessage(event_id, message_id)])
}
