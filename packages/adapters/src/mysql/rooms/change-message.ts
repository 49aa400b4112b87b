import { ChatError, type LockedRoom, type RoomChange, type StoredMessage } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { createRead, createWrite, fromIso, runTogether, type Statement, type Tx } from '../core/index.ts'
import { MESSAGE_COLUMNS, type MessageRecord, toStoredMessage } from './message-row.ts'

/** Lists what a change of a stored row writes in addition to `seq` and `updated_at`, which every change writes. */
interface MessageChange {
  /** Holds the assignments of the UPDATE, such as `pinned_by = ?`, with their values below. */
  set: string
  values: Array<string | number | null>
  /** If the condition is false, nothing changes and no sequence number is taken. */
  where?: string
  whereValues?: Array<string | number>
}

/** Changes a row in place under its room's lock. Returns undefined if the row did not match `where`. */
export async function changeMessage(
  tx: Tx,
  room: LockedRoom,
  message_id: string,
  { set, values, where = 'TRUE', whereValues = [] }: MessageChange,
): Promise<{ row: StoredMessage; change: RoomChange } | undefined> {
  const seq = room.seq + 1
  const [changed, , row] = await runTogether(tx, [
    createWrite(`UPDATE messages SET seq = ?, updated_at = ?, ${set} WHERE message_id = ? AND ${where}`, [
      seq,
      fromIso(room.now),
      ...values,
      message_id,
      ...whereValues,
    ]),
    // ROW_COUNT() counts the rows of the previous statement, so a seq is taken only if the message was changed.
    createWrite('UPDATE events SET seq = ? WHERE event_id = ? AND ROW_COUNT() = 1', [seq, room.event_id]),
    selectMessage(message_id),
  ])
  if (changed === 0 || !row) return undefined
  return { row, change: { event_id: room.event_id, first_seq: seq, seq, rows: [row] } }
}

export async function getMessage(tx: Tx, message_id: string): Promise<StoredMessage> {
  const row = await findMessage(tx, message_id)
  if (!row) throw new ChatError('message_not_found')
  return row
}

export async function findMessage(tx: Tx | Pool, message_id: string): Promise<StoredMessage | undefined> {
  const [row] = await runTogether(tx, [selectMessage(message_id)])
  return row
}

const selectMessage = (message_id: string): Statement<StoredMessage | undefined> =>
  createRead<MessageRecord, StoredMessage | undefined>(
    `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE message_id = ?`,
    [message_id],
    ([record]) => record && toStoredMessage(record),
  )
