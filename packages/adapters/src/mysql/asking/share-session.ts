import { ChatError, type LockedRoom, type RoomChange } from '@engineer-chat/chat/shared'
import type { RowDataPacket } from 'mysql2/promise'
import { fromIso, lockRoom, lockSession, type Tx, takeSeqs } from '../core/index.ts'
import { MESSAGE_COLUMNS, type MessageRecord, toStoredMessage } from '../rooms/index.ts'

/** Shows a session to the people of its room: each row takes a new number, in order, so that followers learn of it. */
export async function shareSession(
  tx: Tx,
  user_id: string,
  session_id: string,
): Promise<{ change: RoomChange | null }> {
  const room = await lockOwnSession(tx, user_id, session_id)
  const [[session]] = await tx.execute<RowDataPacket[]>('SELECT visibility FROM chat_sessions WHERE session_id = ?', [
    session_id,
  ])
  if (session?.visibility === 'room') return { change: null }
  await tx.execute("UPDATE chat_sessions SET visibility = 'room', updated_at = NOW(3) WHERE session_id = ?", [
    session_id,
  ])
  return { change: await renumberMessages(tx, room, session_id) }
}

async function lockOwnSession(tx: Tx, user_id: string, session_id: string): Promise<LockedRoom> {
  const [[own]] = await tx.execute<RowDataPacket[]>(
    'SELECT event_id FROM chat_sessions WHERE session_id = ? AND user_id = ?',
    [session_id, user_id],
  )
  const room = own && (await lockRoom(tx, own.event_id))
  if (!room) throw new ChatError('session_not_found')
  await lockSession(tx, session_id)
  return room
}

async function renumberMessages(tx: Tx, room: LockedRoom, session_id: string): Promise<RoomChange | null> {
  const { event_id } = room
  const [places] = await tx.execute<Array<RowDataPacket & { position: number }>>(
    'SELECT position FROM messages WHERE chat_session_id = ? ORDER BY position',
    [session_id],
  )
  if (places.length === 0) return null
  const first_seq = await takeSeqs(tx, room, places.length)
  const numbers = places.map(({ position }, index) => [position, first_seq + index])
  await tx.query(
    `UPDATE messages SET audience = 'people', updated_at = ?,
       seq = CASE position ${numbers.map(() => 'WHEN ? THEN ?').join(' ')} END
     WHERE event_id = ? AND position IN (?)`,
    [fromIso(room.now), ...numbers.flat(), event_id, places.map(({ position }) => position)],
  )
  const [rows] = await tx.execute<MessageRecord[]>(
    `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE chat_session_id = ? ORDER BY position`,
    [session_id],
  )
  return { event_id, first_seq, seq: first_seq + places.length - 1, rows: rows.map(toStoredMessage) }
}
