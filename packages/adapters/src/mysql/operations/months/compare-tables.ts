import { setTimeout as sleep } from 'node:timers/promises'
import type { MonthlyTable } from '@engineer-chat/chat/operations'
import type { Connection } from 'mysql2/promise'
import { queryRow, queryRows } from '../../core/index.ts'
import type { DivideOptions } from './divide-options.ts'
import { findBatchEnd, readHighestId } from './ids.ts'
import { toOldName } from './partitions.ts'

/**
 * Compares the new table with the old one, which nobody changes any more. It removes rows that were deleted from the
 * old one after they were copied, and counts rows that the new one lacks.
 */
export async function compareTables(
  connection: Connection,
  table: MonthlyTable,
  { batchRows, sharePercent, onProgress }: DivideOptions,
): Promise<number> {
  const old = toOldName(table)
  const last = await readHighestId(connection, old)
  let missing = 0
  for (let compared = 0; compared < last; ) {
    const startedAtMs = performance.now()
    const end = await findBatchEnd(connection, old, compared, last, batchRows)
    await removeSurplus(connection, table, compared, end)
    missing += await countMissing(connection, table, compared, end)
    compared = end
    onProgress?.({ table, step: 'comparing', done: compared, total: last })
    // The work takes `sharePercent` of the time, and this pause takes the rest.
    await sleep(((performance.now() - startedAtMs) * (100 - sharePercent)) / sharePercent)
  }
  return missing
}

/** The rows are found without locks first, so that no writer waits. */
async function removeSurplus(connection: Connection, table: MonthlyTable, after: number, end: number): Promise<void> {
  const surplus = await queryRows<{ id: number }>(
    connection,
    `SELECT ours.id FROM ${table} ours LEFT JOIN ${toOldName(table)} old ON old.id = ours.id
     WHERE ours.id > ? AND ours.id <= ? AND old.id IS NULL`,
    [after, end],
  )
  if (surplus.length === 0) return
  await connection.query(`DELETE FROM ${table} WHERE id IN (?)`, [surplus.map(({ id }) => id)])
}

/** Selects rows of the old table, named `old`. A chat that was removed meanwhile took its calls with it. */
export const IS_NEEDED: Record<MonthlyTable, string> = {
  audit_log: 'TRUE',
  llm_calls: 'EXISTS (SELECT 1 FROM messages WHERE messages.message_id = old.message_id)',
}

async function countMissing(connection: Connection, table: MonthlyTable, after: number, end: number): Promise<number> {
  const { missing } = await queryRow<{ missing: number }>(
    connection,
    `SELECT COUNT(*) AS missing FROM ${toOldName(table)} old
     LEFT JOIN ${table} ours ON ours.id = old.id AND ours.created_at = old.created_at
     WHERE old.id > ? AND old.id <= ? AND ours.id IS NULL AND ${IS_NEEDED[table]}`,
    [after, end],
  )
  return missing
}
