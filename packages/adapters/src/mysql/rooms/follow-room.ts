import type { StoredMessage } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import {
  COMMIT,
  executeRows,
  runWrites,
  type Statement,
  type Tx,
  transaction,
  withManualTransaction,
} from '../core/index.ts'
import { MESSAGE_COLUMNS, type MessageRecord, toStoredMessage } from './message-row.ts'

/** States how far a room was read. */
export interface RoomProgress {
  /** Holds the room's sequence number: all rows up to it are committed. */
  seq: number
  /** Holds the sequence number up to which the room's rows were read. */
  readSeq: number
}

/** Derives rows of a table from the messages of a room. */
export interface RoomReader<Progress extends RoomProgress> {
  /**
   * Begins the transaction, locks the room's derived rows, even if no worker has read the room yet, and then reads how
   * far the room was read.
   */
  begin(tx: Tx): Promise<Progress | undefined>
  /** Returns true if the room has changes that this reader has not read. */
  isBehind(progress: Progress): boolean
  /** Replaces what was derived from these messages before. The caller runs the writes that this returns. */
  replaceRows(tx: Tx, rows: StoredMessage[], progress: Progress): Promise<Statement[]>
  /** Stores that the room's rows were read up to `seq`. */
  createProgressWrite(seq: number, progress: Progress): Statement
}

/**
 * Reads the next changed messages of a room in one transaction, without locks on them: sequence numbers are committed
 * in their order, so no row below the room's counter is missing. The reader's lock is taken first, so that the
 * transaction sees what the last worker or a removal wrote. Resolves to true if more changes may be left.
 */
export const deriveNextRows = <Progress extends RoomProgress>(
  pool: Pool,
  event_id: string,
  limit: number,
  reader: RoomReader<Progress>,
): Promise<boolean> =>
  withManualTransaction(pool, async (tx) => {
    const progress = await reader.begin(tx)
    if (!progress || !reader.isBehind(progress)) {
      await runWrites(tx, [COMMIT])
      return false
    }
    const rows = await readChangedRows(tx, event_id, progress.readSeq, limit)
    const writes = await reader.replaceRows(tx, rows, progress)
    const isMoreLeft = rows.length === limit
    const seq = isMoreLeft ? (rows.at(-1)?.message.seq ?? progress.seq) : progress.seq
    await runWrites(tx, [...writes, reader.createProgressWrite(seq, progress), COMMIT])
    return isMoreLeft
  })

/** Runs the reset of a room in a transaction. If there is no such event, it does nothing and resolves to false. */
export const resetIfEventExists = (pool: Pool, event_id: string, reset: (tx: Tx) => Promise<void>): Promise<boolean> =>
  transaction(pool, async (tx) => {
    const events = await executeRows(tx, 'SELECT event_id FROM events WHERE event_id = ?', [event_id])
    if (events.length === 0) return false
    await reset(tx)
    return true
  })

async function readChangedRows(tx: Tx, event_id: string, afterSeq: number, limit: number): Promise<StoredMessage[]> {
  const records = await executeRows<MessageRecord>(
    tx,
    `SELECT ${MESSAGE_COLUMNS} FROM messages FORCE INDEX (uq_event_seq)
     WHERE event_id = ? AND seq > ? ORDER BY seq LIMIT ${Math.trunc(limit)}`,
    [event_id, afterSeq],
  )
  return records.map(toStoredMessage)
}
