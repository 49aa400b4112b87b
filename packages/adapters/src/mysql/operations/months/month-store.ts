import type { MonthlyTable, MonthPartitions, MonthStore, PartitionState } from '@engineer-chat/chat/operations'
import type { Connection } from 'mysql2/promise'
import { type Mysql, queryRows, runAlone, toIso } from '../../core/index.ts'
import {
  changeTable,
  hasRows,
  hasTable,
  listPartitionMonths,
  MONTHS_LOCK,
  OVERFLOW,
  readToday,
  renderColumns,
  renderPartitions,
  toExchangeName,
  toPartition,
} from './partitions.ts'

/** One statement reads at most this many rows, because a row of `llm_calls` may hold a whole prompt. */
const LISTED_ROWS = 200

/** Selects the rows under a legal hold. */
const IS_UNDER_LEGAL_HOLD: Record<MonthlyTable, string> = {
  audit_log: 'event_id IN (SELECT holds.event_id FROM legal_holds holds)',
  llm_calls: `message_id IN (SELECT held.message_id FROM messages held
    JOIN legal_holds holds ON holds.event_id = held.event_id)`,
}

export const createMonthStore = (mysql: Pick<Mysql, 'open'>): MonthStore => ({
  runAlone: (work) => runAlone(mysql, MONTHS_LOCK, (connection) => work(createMonthPartitions(connection))),
})

function createMonthPartitions(connection: Connection): MonthPartitions {
  return {
    readState: (table) => readState(connection, table),
    addMonths: (table, months) =>
      changeTable(
        connection,
        `ALTER TABLE ${table} REORGANIZE PARTITION ${OVERFLOW} INTO (${renderPartitions(months)})`,
      ),
    readContent: (table, month) => readContent(connection, table, month),
    listRows: (table, month) => listRows(connection, table, month),
    removeMonth: (table, month) => removeMonth(connection, table, month),
    finishRemoval: (table) => finishRemoval(connection, table),
  }
}

async function readState(connection: Connection, table: MonthlyTable): Promise<PartitionState | undefined> {
  const months = await listPartitionMonths(connection, table)
  if (!months) return undefined
  const isOverflowUsed = await hasRows(connection, `${table} PARTITION (${OVERFLOW})`)
  return { months, isOverflowUsed, today: await readToday(connection) }
}

async function readContent(connection: Connection, table: MonthlyTable, month: string) {
  const rows = `${table} PARTITION (${toPartition(month)})`
  if (!(await hasRows(connection, rows))) return 'empty'
  return (await hasRows(connection, `${rows} WHERE (${IS_UNDER_LEGAL_HOLD[table]}) IS NOT TRUE`)) ? 'removable' : 'held'
}

async function* listRows(connection: Connection, table: MonthlyTable, month: string): AsyncIterable<object> {
  for (let afterId = 0; ; ) {
    const rows = await queryRows<{ id: number; created_at: string }>(
      connection,
      `SELECT * FROM ${table} PARTITION (${toPartition(month)}) WHERE id > ? ORDER BY id LIMIT ${LISTED_ROWS}`,
      [afterId],
    )
    for (const row of rows) yield { ...row, created_at: toIso(row.created_at) }
    const last = rows.at(-1)
    if (!last || rows.length < LISTED_ROWS) return
    afterId = last.id
  }
}

/**
 * Exchanges the month's partition for a table that contains only the rows under a legal hold: a reader sees either all
 * rows or the held ones, and each step may be interrupted.
 */
async function removeMonth(connection: Connection, table: MonthlyTable, month: string): Promise<void> {
  const [exchange, partition] = [toExchangeName(table), toPartition(month)]
  await finishRemoval(connection, table)
  if (await hasRows(connection, `${table} PARTITION (${partition})`)) {
    await changeTable(connection, `CREATE TABLE ${exchange} LIKE ${table}`)
    await changeTable(connection, `ALTER TABLE ${exchange} REMOVE PARTITIONING`)
    const columns = await renderColumns(connection, table)
    await connection.query(
      `INSERT INTO ${exchange} (${columns}) SELECT ${columns} FROM ${table} PARTITION (${partition})
       WHERE ${IS_UNDER_LEGAL_HOLD[table]}`,
    )
    await changeTable(connection, `ALTER TABLE ${table} EXCHANGE PARTITION ${partition} WITH TABLE ${exchange}`)
    await removeExchanged(connection, table)
  }
  if (await hasRows(connection, `${table} PARTITION (${partition})`)) return
  await changeTable(connection, `ALTER TABLE ${table} DROP PARTITION ${partition}`)
}

async function finishRemoval(connection: Connection, table: MonthlyTable): Promise<void> {
  if (await hasTable(connection, toExchangeName(table))) await removeExchanged(connection, table)
}

/**
 * A legal hold may have been added between the copy and the exchange. So the rows under a hold go back into the table
 * before each try to drop the exchanged table, which waits for the users of that table.
 */
async function removeExchanged(connection: Connection, table: MonthlyTable): Promise<void> {
  const exchange = toExchangeName(table)
  await changeTable(connection, `DROP TABLE ${exchange}`, () => restoreRowsUnderHold(connection, table))
}

async function restoreRowsUnderHold(connection: Connection, table: MonthlyTable): Promise<void> {
  const exchange = toExchangeName(table)
  const columns = await renderColumns(connection, table)
  await connection.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${exchange} removed WHERE ${IS_UNDER_LEGAL_HOLD[table]}
       AND NOT EXISTS (SELECT 1 FROM ${table} kept WHERE kept.id = removed.id AND kept.created_at = removed.created_at)`,
  )
}
