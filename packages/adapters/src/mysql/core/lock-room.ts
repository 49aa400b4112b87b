import type { LockedRoom } from '@engineer-chat/chat/shared'
import { toIso } from '../schema/index.ts'
import { createRead, runTogether, type Statement } from './round-trip.ts'
import type { Tx } from './transaction.ts'

// Locks are always taken in one order: room, session, message. Every write to data that a room shows holds the room's
// lock.

const SELECT_ROOM = 'SELECT event_id, seq, summary_version, tlp, SYSDATE(3) AS now FROM events'

export async function lockRoom(tx: Tx, event_id: string): Promise<LockedRoom | undefined> {
  const [room] = await runTogether(tx, [selectRoomForUpdate('?', event_id)])
  return room
}

/** Finds the room of the message, which never changes. */
export const selectRoomOfMessage = (message_id: string): Statement<LockedRoom | undefined> =>
  selectRoomForUpdate('(SELECT event_id FROM messages WHERE message_id = ?)', message_id)

const selectRoomForUpdate = (where: string, value: string): Statement<LockedRoom | undefined> =>
  createRead<LockedRoom, LockedRoom | undefined>(
    `${SELECT_ROOM} WHERE event_id = ${where} FOR UPDATE`,
    [value],
    ([room]) => room && { ...room, now: toIso(room.now) },
  )

/** Locks rooms by the primary key in its order, so that no deadlock arises and no other room is locked. */
export function selectRoomsForUpdate(event_ids: string[]): Statement<LockedRoom[]> {
  const ids = [...new Set(event_ids)].sort()
  return createRead<LockedRoom, LockedRoom[]>(
    `${SELECT_ROOM} FORCE INDEX (PRIMARY) WHERE event_id IN (?) ORDER BY event_id FOR UPDATE`,
    [ids],
    (rooms) => rooms.map((room) => ({ ...room, now: toIso(room.now) })),
  )
}

/** Takes the next numbers of a room whose lock is held, and returns the first of them. */
export async function takeSeqs(tx: Tx, room: LockedRoom, count: number): Promise<number> {
  await tx.execute('UPDATE events SET seq = seq + ? WHERE event_id = ?', [count, room.event_id])
  return room.seq + 1
}

/** Serialises a claim and a retry, which both ask for the earliest unfinished reply of the session. */
export async function lockSession(tx: Tx, session_id: string): Promise<void> {
  await tx.execute('SELECT session_id FROM chat_sessions WHERE session_id = ? FOR UPDATE', [session_id])
}

/** Locks the session of the message in the same way. */
export const lockSessionOfMessage = (message_id: string): Statement =>
  createRead(
    `SELECT session_id FROM chat_sessions
     WHERE session_id = (SELECT chat_session_id FROM messages WHERE message_id = ?) FOR UPDATE`,
    [message_id],
    () => undefined,
  )
