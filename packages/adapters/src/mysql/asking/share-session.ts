import { planSlotsAfterShare } from '@engineer-chat/chat/asking'
import { ChatError, type LockedRoom, type RoomChange } from '@engineer-chat/chat/shared'
import { and, eq } from 'drizzle-orm'
import {
  executeRows,
  fromIso,
  lockRoom,
  lockSession,
  NOW,
  runTogether,
  type Tx,
  takeSeqs,
  toDatabase,
} from '../core/index.ts'
import { MESSAGE_COLUMNS, type MessageRecord, toStoredMessage } from '../rooms/index.ts'
import { chatSessions } from '../schema/index.ts'
import { emptySlots, fillSlots, SLOT_COLUMNS, selectSessionsWithSlot } from './active-slots.ts'

/**
 * Shows a session to the people of its room. Its rows take new sequence numbers, in the order of their positions, so
 * that the other members receive them.
 */
export async function shareSession(
  tx: Tx,
  user_id: string,
  session_id: string,
): Promise<{ change: RoomChange | null }> {
  const room = await lockRoomAndOwnSession(tx, user_id, session_id)
  const db = toDatabase(tx)
  const isSession = eq(chatSessions.session_id, session_id)
  const [session] = await db.select(SLOT_COLUMNS).from(chatSessions).where(isSession)
  if (!session || session.visibility === 'room') return { change: null }
  const changes = planSlotsAfterShare(await selectSessionsWithSlot(tx, room.event_id, user_id), session)
  if (changes.size > 0) await runTogether(tx, [...emptySlots(changes), ...fillSlots(changes)])
  await db.update(chatSessions).set({ visibility: 'room', updated_at: NOW }).where(isSession)
  return { change: await shareMessages(tx, room, session_id) }
}

/** Locks the room of the user's session, then the session, and returns the room. @throws ChatError session_not_found */
async function lockRoomAndOwnSession(tx: Tx, user_id: string, session_id: string): Promise<LockedRoom> {
  const [ownSession] = await toDatabase(tx)
    .select({ event_id: chatSessions.event_id })
    .from(chatSessions)
    .where(and(eq(chatSessions.session_id, session_id), eq(chatSessions.user_id, user_id)))
  const room = ownSession && (await lockRoom(tx, ownSession.event_id))
  if (!room) throw new ChatError('session_not_found')
  await lockSession(tx, session_id)
  return room
}

async function shareMessages(tx: Tx, room: LockedRoom, session_id: string): Promise<RoomChange | null> {
  const { event_id } = room
  const positions = await executeRows<Pick<MessageRecord, 'position'>>(
    tx,
    'SELECT position FROM messages WHERE chat_session_id = ? ORDER BY position',
    [session_id],
  )
  if (positions.length === 0) return null
  const first_seq = await takeSeqs(tx, room, positions.length)
  const newSeqs = positions.map(({ position }, index) => [position, first_seq + index])
  await tx.query(
    `UPDATE messages SET audience = 'people', updated_at = ?,
       seq = CASE position ${newSeqs.map(() => 'WHEN ? THEN ?').join(' ')} END
     WHERE event_id = ? AND position IN (?)`,
    [fromIso(room.now), ...newSeqs.flat(), event_id, positions.map(({ position }) => position)],
  )
  const rows = await executeRows<MessageRecord>(
    tx,
    `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE chat_session_id = ? ORDER BY position`,
    [session_id],
  )
  return { event_id, first_seq, seq: first_seq + positions.length - 1, rows: rows.map(toStoredMessage) }
}
