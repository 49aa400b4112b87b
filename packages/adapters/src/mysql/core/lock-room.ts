import type { LockedRoom } from '@engineer-chat/chat/shared'
import { toIso } from '../schema/index.ts'
import { createRead, runTogether, type Statement } from './round-trip.ts'
import type { Tx } from './transaction.ts'

// Locks are always taken in one order: room, session, message. Every write to data that a room shows holds the room's
// lock.

const ROOM_COLUMNS = 'event_id, seq, summary_version, tlp, SYSDATE(3) AS now'

export async function lockRoom(tx: Tx, event_id: string): Promise<LockedRoom | undefined> {
  const [[room]] = await runTogether(tx, [selectRoomsForUpdate([event_id])])
  return room
}

/**
 * Says what to do with a row that another transaction has locked. A group of claims or endings skips it, because the
 * group must not wait for one lock while it holds others.
 */
export type IfLocked = 'wait' | 'skip'

export const forUpdate = (ifLocked: IfLocked): string => (ifLocked === 'skip' ? 'FOR UPDATE SKIP LOCKED' : 'FOR UPDATE')

/**
 * Locks the rooms of these messages in the order of the rooms' ids, and no other room. The derived table has a LIMIT,
 * because MySQL and MariaDB keep its order only with one.
 */
export const lockRoomsOfMessages = (message_ids: string[], ifLocked: IfLocked): Statement<LockedRoom[]> =>
  createRead<LockedRoom, LockedRoom[]>(
    `SELECT ${ROOM_COLUMNS} FROM (${selectDistinct('event_id')}) AS found
     STRAIGHT_JOIN events FORCE INDEX (PRIMARY) ON events.event_id = found.id ${forUpdate(ifLocked)}`,
    [message_ids, message_ids.length],
    toLockedRooms,
  )

/** The values of this SQL are the ids of the messages, and their number as the limit. */
const selectDistinct = (column: 'event_id' | 'chat_session_id'): string =>
  `SELECT DISTINCT ${column} AS id FROM messages FORCE INDEX (uq_message_id) WHERE message_id IN (?) ORDER BY id LIMIT ?`

const toLockedRooms = (rooms: LockedRoom[]): LockedRoom[] => rooms.map((room) => ({ ...room, now: toIso(room.now) }))

/** Locks rooms by the primary key in its order, so that no deadlock arises and no other room is locked. */
export function selectRoomsForUpdate(event_ids: string[]): Statement<LockedRoom[]> {
  const ids = [...new Set(event_ids)].sort()
  return createRead<LockedRoom, LockedRoom[]>(
    `SELECT ${ROOM_COLUMNS} FROM events FORCE INDEX (PRIMARY) WHERE event_id IN (?) ORDER BY event_id FOR UPDATE`,
    [ids],
    toLockedRooms,
  )
}

/** Takes the next sequence numbers of a room whose lock is held, and returns the first one. */
export async function takeSeqs(tx: Tx, room: LockedRoom, count: number): Promise<number> {
  await tx.execute('UPDATE events SET seq = seq + ? WHERE event_id = ?', [count, room.event_id])
  return room.seq + 1
}

/** Locks a session, because its earliest unfinished reply must not change between a read and a write. */
export async function lockSession(tx: Tx, session_id: string): Promise<void> {
  await tx.execute('SELECT session_id FROM chat_sessions WHERE session_id = ? FOR UPDATE', [session_id])
}

/** Locks the sessions of these messages in the order of the sessions' ids, and no other session. Returns these ids. */
export const lockSessionsOfMessages = (message_ids: string[], ifLocked: IfLocked): Statement<string[]> =>
  createRead<{ session_id: string }, string[]>(
    `SELECT session_id FROM (${selectDistinct('chat_session_id')}) AS found
     STRAIGHT_JOIN chat_sessions FORCE INDEX (PRIMARY) ON chat_sessions.session_id = found.id ${forUpdate(ifLocked)}`,
    [message_ids, message_ids.length],
    (rows) => rows.map(({ session_id }) => session_id),
  )
