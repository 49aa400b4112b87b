import { setTimeout as sleep } from 'node:timers/promises'
import type { MonthlyTable } from '@engineer-chat/chat/operations'
import type { Connection } from 'mysql2/promise'
import { queryRow, queryRows } from '../../core/index.ts'
import type { DivideOptions } from './divide-options.ts'
import { findBatchEnd, readHighestId } from './ids.ts'
import { toOldName } from './partitions.ts'

/**
 * Compares the new table with the old one, after they have exchanged their names. Nobody writes to the old table any
 * more. Removes rows from the new table that were deleted from the old table after they were copied. Returns how many
 * rows the new table lacks.
 */
export async function compareTables(
  connection: Connection,
  table: MonthlyTable,
  { batchRows, workTimePercent, onProgress }: DivideOptions,
): Promise<number> {
  const oldTable = toOldName(table)
  const lastId = await readHighestId(connection, oldTable)
  let missing = 0
  for (let comparedId = 0; comparedId < lastId; ) {
    const startedAtMs = performance.now()
    const endId = await findBatchEnd(connection, oldTable, comparedId, lastId, batchRows)
    await removeSurplus(connection, table, comparedId, endId)
    missing += await countMissing(connection, table, comparedId, endId)
    comparedId = endId
    await onProgress?.({ table, step: 'comparing', doneId: comparedId, lastId })
    // The work takes `workTimePercent` of the time, and this pause takes the rest.
    await sleep(((performance.now() - startedAtMs) * (100 - workTimePercent)) / workTimePercent)
  }
  return missing
}

/** The rows are first read without locks, so that no writer waits. */
async function removeSurplus(
  connection: Connection,
  table: MonthlyTable,
  afterId: number,
  endId: number,
): Promise<void> {
  const surplus = await queryRows<{ id: number }>(
    connection,
    `SELECT new_table.id FROM ${table} new_table LEFT JOIN ${toOldName(table)} old ON old.id = new_table.id
     WHERE new_table.id > ? AND new_table.id <= ? AND old.id IS NULL`,
    [afterId, endId],
  )
  if (surplus.length === 0) return
  await connection.query(`DELETE FROM ${table} WHERE id IN (?)`, [surplus.map(({ id }) => id)])
}

/**
 * Is true for a row of the old table that the new table must have. `old` is the alias of the old table. Calls of a
 * removed chat are not needed.
 */
export const IS_NEEDED: Record<MonthlyTable, string> = {
  audit_log: 'TRUE',
  llm_calls: 'EXISTS (SELECT 1 FROM messages WHERE messages.message_id = old.message_id)',
}

async function countMissing(
  connection: Connection,
  table: MonthlyTable,
  afterId: number,
  endId: number,
): Promise<number> {
  const { missing } = await queryRow<{ missing: number }>(
    connection,
    `SELECT COUNT(*) AS missing FROM ${toOldName(table)} old
     LEFT JOIN ${table} new_table ON new_table.id = old.id AND new_table.created_at = old.created_at
     WHERE old.id > ? AND old.id <= ? AND new_table.id IS NULL AND ${IS_NEEDED[table]}`,
    [afterId, endId],
  )
  return missing
}
