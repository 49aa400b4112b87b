import { ChatError, type RoomChange } from '@engineer-chat/chat/shared'
import type { Event } from '@engineer-chat/protocol'
import { executeRows, type Tx } from '../core/index.ts'
import { EVENT_COLUMNS, type EventRecord, toEvent } from './event-row.ts'

// This SQL is hand-written, because every socket that reconnects reads its event.
export async function findEvent(tx: Pick<Tx, 'execute'>, event_id: string): Promise<Event | undefined> {
  const select = `SELECT ${EVENT_COLUMNS} FROM events WHERE event_id = ?`
  const [record] = await executeRows<EventRecord>(tx, select, [event_id])
  return record && toEvent(record)
}

/** @throws ChatError event_not_found */
export async function getEvent(tx: Tx, event_id: string): Promise<Event> {
  const event = await findEvent(tx, event_id)
  if (!event) throw new ChatError('event_not_found')
  return event
}

/** Builds a change of the event alone. It took one sequence number, and no message has changed. */
export const toRoomChange = (event: Event): RoomChange => ({
  event_id: event.event_id,
  first_seq: event.seq,
  seq: event.seq,
  rows: [],
  event,
})
