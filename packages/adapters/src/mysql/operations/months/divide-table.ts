import { setTimeout as sleep } from 'node:timers/promises'
import { listNeededMonths, type MonthlyTable, toMonth } from '@engineer-chat/chat/operations'
import type { Connection } from 'mysql2/promise'
import { isLockWaitTimeout, queryRow, toIso } from '../../core/index.ts'
import { compareTables, IS_NEEDED } from './compare-tables.ts'
import type { DivideOptions } from './divide-options.ts'
import { findBatchEnd, readHighestId } from './ids.ts'
import {
  changeTable,
  hasRows,
  hasTable,
  listPartitionMonths,
  OVERFLOW,
  readToday,
  renderColumns,
  renderPartitions,
  TableInUseError,
  toNewName,
  toOldName,
} from './partitions.ts'

export interface DivideResult {
  /** Is true if the table was stored by month already. */
  isAlreadyDivided: boolean
  /**
   * Counts rows of the old table that the new table lacks. The old table then stays, unless these rows are given up.
   */
  missingRows: number
}

/**
 * The new table assigns ids from this far above the last id that was read. Rows that are written to the old table until
 * the exchange of the names get lower ids.
 */
const ID_MARGIN = 50_000
const RENAME_TRIES = 10
const RENAME_PAUSE_MS = 2_000

/**
 * Partitions a table by month while it is in use. Its rows never change, so a new table follows it by id. At the end
 * the two tables exchange their names. A run after an interrupted one sees from the tables where to continue.
 */
export async function divideTable(
  connection: Connection,
  table: MonthlyTable,
  options: DivideOptions,
): Promise<DivideResult> {
  const [newTable, oldTable] = [toNewName(table), toOldName(table)]
  if (!(await hasTable(connection, oldTable))) {
    if (await isDivided(connection, table)) {
      await changeTable(connection, `DROP TABLE IF EXISTS ${newTable}`)
      return { isAlreadyDivided: true, missingRows: 0 }
    }
    await createNewTable(connection, table)
    await followTable(connection, table, options)
  }
  await copyLastRows(connection, table)
  const missingRows = await compareTables(connection, table, options)
  if (missingRows === 0 || options.shouldGiveUpMissingRows) await changeTable(connection, `DROP TABLE ${oldTable}`)
  return { isAlreadyDivided: false, missingRows }
}

/** A table whose overflow has rows is divided again as a whole. To divide only the overflow would lock the table. */
async function isDivided(connection: Connection, table: MonthlyTable): Promise<boolean> {
  const months = await listPartitionMonths(connection, table)
  return months !== undefined && !(await hasRows(connection, `${table} PARTITION (${OVERFLOW})`))
}

/** Keeps the new table of an earlier run if it has the same columns and a partition for this month. */
async function createNewTable(connection: Connection, table: MonthlyTable): Promise<void> {
  const newTable = toNewName(table)
  const today = await readToday(connection)
  if (await hasTable(connection, newTable)) {
    const lastMonth = (await listPartitionMonths(connection, newTable))?.at(-1) ?? ''
    const [columns, newTableColumns] = [
      await renderColumns(connection, table),
      await renderColumns(connection, newTable),
    ]
    if (lastMonth >= toMonth(today) && columns === newTableColumns) return
    await changeTable(connection, `DROP TABLE ${newTable}`)
  }
  const { oldest } = await queryRow<{ oldest: string | null }>(
    connection,
    `SELECT MIN(created_at) AS oldest FROM ${table}`,
  )
  const months = listNeededMonths(oldest === null ? today : toIso(oldest), today)
  await changeTable(connection, `CREATE TABLE ${newTable} LIKE ${table}`)
  if (await listPartitionMonths(connection, newTable))
    await changeTable(connection, `ALTER TABLE ${newTable} REMOVE PARTITIONING`)
  await changeTable(
    connection,
    `ALTER TABLE ${newTable} DROP PRIMARY KEY, ADD PRIMARY KEY (id, created_at)
     PARTITION BY RANGE COLUMNS (created_at) (${renderPartitions(months)})`,
  )
}

/** Copies until the new table is at most one batch behind, and then exchanges the names. */
async function followTable(connection: Connection, table: MonthlyTable, options: DivideOptions): Promise<void> {
  for (let tried = 0; tried < RENAME_TRIES; ) {
    const lastId = await readLastId(connection, table)
    const coveredIdCount = await copyUpTo(connection, table, lastId, options)
    if (coveredIdCount > options.batchRows) continue
    await changeTable(connection, `ALTER TABLE ${toNewName(table)} AUTO_INCREMENT = ${lastId + ID_MARGIN}`)
    if (await tryToRename(connection, table)) return
    tried += 1
    await sleep(RENAME_PAUSE_MS)
  }
  throw new TableInUseError()
}

/**
 * Reads the last id while nobody writes: a transaction that is still open could add rows with lower ids later, and the
 * copy would miss them.
 */
async function readLastId(connection: Connection, table: MonthlyTable): Promise<number> {
  await changeTable(connection, `LOCK TABLES ${table} WRITE`)
  try {
    return await readHighestId(connection, table)
  } finally {
    await connection.query('UNLOCK TABLES')
  }
}

/**
 * Copies in the order of the ids, so that the last id of the new table tells how far the copy is. Returns how many ids
 * it covered, which is at least the number of copied rows.
 */
async function copyUpTo(
  connection: Connection,
  table: MonthlyTable,
  lastId: number,
  { batchRows, workTimePercent, onProgress }: DivideOptions,
): Promise<number> {
  const columns = await renderColumns(connection, table)
  const startId = await readHighestId(connection, toNewName(table))
  for (let copiedId = startId; copiedId < lastId; ) {
    const startedAtMs = performance.now()
    const endId = await findBatchEnd(connection, table, copiedId, lastId, batchRows)
    await connection.query(
      `INSERT INTO ${toNewName(table)} (${columns}) SELECT ${columns} FROM ${table} WHERE id > ? AND id <= ?`,
      [copiedId, endId],
    )
    copiedId = endId
    await onProgress?.({ table, step: 'copying', doneId: copiedId, lastId })
    // The work takes `workTimePercent` of the time, and this pause takes the rest.
    await sleep(((performance.now() - startedAtMs) * (100 - workTimePercent)) / workTimePercent)
  }
  return lastId - startId
}

async function tryToRename(connection: Connection, table: MonthlyTable): Promise<boolean> {
  try {
    await connection.query(`RENAME TABLE ${table} TO ${toOldName(table)}, ${toNewName(table)} TO ${table}`)
    return true
  } catch (error) {
    if (!isLockWaitTimeout(error)) throw error
    return false
  }
}

/**
 * Copies in one statement the rows that were written to the old table after the last copy. Nobody writes to the old
 * table any more. Rows of `llm_calls` whose message was removed after the exchange, which an earlier run may have made,
 * are not copied.
 */
async function copyLastRows(connection: Connection, table: MonthlyTable): Promise<void> {
  const columns = await renderColumns(connection, table)
  const lastId = await readHighestId(connection, toOldName(table))
  const copiedId = await readHighestId(connection, `${table} WHERE id <= ${lastId}`)
  await connection.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${toOldName(table)} old
     WHERE old.id > ? AND ${IS_NEEDED[table]}`,
    [copiedId],
  )
}
