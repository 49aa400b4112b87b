import { addMessages } from '@engineer-chat/client'
import type { ExportQuery, Message } from '@engineer-chat/protocol'
import { useMemo } from 'react'
import { client } from '../people/sign-in.ts'
import { getRoom, useRoom } from './rooms.ts'

/**
 * Returns pinned messages in the order in which they were written. A pin is a field of its message. Pins of old
 * messages are loaded when the room is opened, and later changes arrive as changes of the message.
 */
export function usePins(event_id: string): Message[] {
  const messages = useRoom(event_id, (room) => room.messages)
  return useMemo(() => messages.filter(({ pinned }) => pinned !== undefined), [messages])
}

/** Loads all pins. A reset of the room drops them, so they are loaded again after each reset. */
export async function loadPins(event_id: string): Promise<void> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await client.listPins(event_id, { limit: 100, ...(cursor !== undefined && { cursor }) })
    addToRoom(event_id, page.items)
    cursor = page.next_cursor
  }
}

const addToRoom = (event_id: string, messages: Message[]) =>
  getRoom(event_id).updateState((state) => addMessages(state, messages))

export async function pinMessage({ event_id, message_id }: Pick<Message, 'event_id' | 'message_id'>): Promise<void> {
  addToRoom(event_id, [await client.pinMessage(event_id, message_id)])
}

export async function unpinMessage({ event_id, message_id }: Message): Promise<void> {
  addToRoom(event_id, [await client.unpinMessage(event_id, message_id)])
}

export async function downloadRoom(event_id: string, query: ExportQuery): Promise<void> {
  const url = URL.createObjectURL(await client.exportRoom(event_id, query))
  const link = document.createElement('a')
  link.href = url
  link.download = `${event_id}.${query.format === 'json' ? 'json' : 'md'}`
  link.click()
  // The browser reads the address later, so it stays valid for a minute.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
