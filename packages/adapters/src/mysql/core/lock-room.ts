import { toIso } from './column-types.ts'
import { createRead, runTogether, type Statement } from './round-trip.ts'
import type { Tx } from './transaction.ts'

// One order everywhere: room, session, message. Whoever writes what a room shows holds the room's lock.

export interface LockedRoom {
  event_id: string
  seq: number
  summary_version: string | null
  /** Read once the lock was there. NOW() is from before the wait, and a room's times must not run back. */
  now: string
}

const SELECT_ROOM = 'SELECT event_id, seq, summary_version, SYSDATE(3) AS now FROM events'

export async function lockRoom(tx: Tx, event_id: string): Promise<LockedRoom | undefined> {
  const [room] = await runTogether(tx, [selectRoomForUpdate('?', event_id)])
  return room
}

/** Whose room the message is in, which never changes. */
export const selectRoomOfMessage = (message_id: string): Statement<LockedRoom | undefined> =>
  selectRoomForUpdate('(SELECT event_id FROM messages WHERE message_id = ?)', message_id)

const selectRoomForUpdate = (where: string, value: string): Statement<LockedRoom | undefined> =>
  createRead<LockedRoom, LockedRoom | undefined>(
    `${SELECT_ROOM} WHERE event_id = ${where} FOR UPDATE`,
    [value],
    ([room]) => room && { ...room, now: toIso(room.now) },
  )

/** By the primary key in its order, so that nobody waits in a circle, nor for a room that isn't named. */
export function selectRoomsForUpdate(event_ids: string[]): Statement<LockedRoom[]> {
  const ids = [...new Set(event_ids)].sort()
  return createRead<LockedRoom, LockedRoom[]>(
    `${SELECT_ROOM} FORCE INDEX (PRIMARY) WHERE event_id IN (?) ORDER BY event_id FOR UPDATE`,
    [ids],
    (rooms) => rooms.map((room) => ({ ...room, now: toIso(room.now) })),
  )
}

/** Takes the next numbers of a room whose lock is held; gives the first of them. */
export async function takeSeqs(tx: Tx, room: LockedRoom, count: number): Promise<number> {
  await tx.execute('UPDATE events SET seq = seq + ? WHERE event_id = ?', [count, room.event_id])
  return room.seq + 1
}

/** Between a claim and a retry, which both ask which reply of the session is the earliest unfinished one. */
export async function lockSession(tx: Tx, session_id: string): Promise<void> {
  await tx.execute('SELECT session_id FROM chat_sessions WHERE session_id = ? FOR UPDATE', [session_id])
}

/** The same, of the session that the message stands in. */
export const lockSessionOfMessage = (message_id: string): Statement =>
  createRead(
    `SELECT session_id FROM chat_sessions
     WHERE session_id = (SELECT chat_session_id FROM messages WHERE message_id = ?) FOR UPDATE`,
    [message_id],
    () => undefined,
  )
