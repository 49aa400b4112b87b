import { ChatError, type RoomChange, type Row } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { fromIso, inOneTrip, type LockedRoom, reading, type Statement, type Tx, writing } from '../core/index.ts'
import { ROW_COLUMNS, type RowRecord, rowOf } from './message-row.ts'

/** What a stored row's change writes beside `seq` and `updated_at`, which every change writes. */
export interface RowChange {
  set: string
  values: Array<string | number | null>
  /** Nothing is changed, and no number spent, unless it holds. */
  where?: string
  whereValues?: Array<string | number>
}

/** Changes a row in place under its room's lock. Undefined: `where` didn't hold. */
export async function changeRow(
  tx: Tx,
  room: LockedRoom,
  message_id: string,
  { set, values, where = 'TRUE', whereValues = [] }: RowChange,
): Promise<{ row: Row; change: RoomChange } | undefined> {
  const seq = room.seq + 1
  const [changed, , row] = await inOneTrip(tx, [
    writing(`UPDATE messages SET seq = ?, updated_at = ?, ${set} WHERE message_id = ? AND ${where}`, [
      ...[seq, fromIso(room.now), ...values],
      ...[message_id, ...whereValues],
    ]),
    // Right after it: the number is spent if the row was changed.
    writing('UPDATE events SET seq = ? WHERE event_id = ? AND ROW_COUNT() = 1', [seq, room.event_id]),
    readingRow(message_id),
  ])
  if (changed === 0 || !row) return undefined
  return { row, change: { event_id: room.event_id, first_seq: seq, seq, rows: [row] } }
}

export async function readRow(tx: Tx, message_id: string): Promise<Row> {
  const row = await findRow(tx, message_id)
  if (!row) throw new ChatError('message_not_found')
  return row
}

export async function findRow(tx: Tx | Pool, message_id: string): Promise<Row | undefined> {
  const [row] = await inOneTrip(tx, [readingRow(message_id)])
  return row
}

const readingRow = (message_id: string): Statement<Row | undefined> =>
  reading<RowRecord, Row | undefined>(
    `SELECT ${ROW_COLUMNS} FROM messages WHERE message_id = ?`,
    [message_id],
    ([record]) => record && rowOf(record),
  )
