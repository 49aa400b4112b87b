import { ChatError, type RoomChange } from '@engineer-chat/chat/shared'
import type { Event } from '@engineer-chat/protocol'
import { eq } from 'drizzle-orm'
import type { Database } from '../core/index.ts'
import { events } from '../schema/index.ts'

export async function findEvent(db: Database, event_id: string): Promise<Event | undefined> {
  const [event] = await db.select().from(events).where(eq(events.event_id, event_id))
  return event
}

/** @throws ChatError event_not_found */
export async function getEvent(db: Database, event_id: string): Promise<Event> {
  const event = await findEvent(db, event_id)
  if (!event) throw new ChatError('event_not_found')
  return event
}

/** Builds a change that spent a number on the event alone. */
export const toRoomChange = (event: Event): RoomChange => ({
  event_id: event.event_id,
  first_seq: event.seq,
  seq: event.seq,
  rows: [],
  event,
})
