import { setTimeout as sleep } from 'node:timers/promises'
import { addToMonth, type MonthlyTable, PartitionsNotAllowedError } from '@engineer-chat/chat/operations'
import type { Connection } from 'mysql2/promise'
import { isLockWaitTimeout, isPrivilegeMissing, queryRow, queryRows, type Tx } from '../../core/index.ts'

/** Names the partition for rows after the last month. With it, no insert fails for lack of a month. */
export const OVERFLOW = 'pmax'

/**
 * A change of a table waits at most this long for the transactions that use the table. Later transactions wait for the
 * change.
 */
const LOCK_WAIT_SECONDS = 1
const LOCK_TRIES = 5
const LOCK_PAUSE_MS = 1_000

/** Names the lock that every change of partitions takes, in a worker or by command. */
export const MONTHS_LOCK = 'months'

/** These name three helper tables: the one that a month is exchanged with, and two for the move into months. */
export const toExchangeName = (table: MonthlyTable): string => `${table}_exchange`
export const toNewName = (table: MonthlyTable): string => `${table}_new`
export const toOldName = (table: MonthlyTable): string => `${table}_old`

export const toPartition = (month: string): string => `p${month.replace('-', '')}`

const MONTH_PARTITION = /^p(\d{4})(\d\d)$/

/** Returns a list with the partition's month. The list is empty for another partition, such as the overflow. */
const toPartitionMonth = (name: string): string[] => {
  const [, year, month] = MONTH_PARTITION.exec(name) ?? []
  return year === undefined ? [] : [`${year}-${month}`]
}

/** Renders partitions for these months and the overflow. The first one also takes all earlier rows. */
export function renderPartitions(months: string[]): string {
  const monthPartitions = months.map(
    (month) => `PARTITION ${toPartition(month)} VALUES LESS THAN ('${addToMonth(month, 1)}-01')`,
  )
  return [...monthPartitions, `PARTITION ${OVERFLOW} VALUES LESS THAN (MAXVALUE)`].join(', ')
}

/** Lists the months of the table. Resolves to undefined if the table is missing, or not divided by month. */
export async function listPartitionMonths(db: Pick<Tx, 'query'>, table: string): Promise<string[] | undefined> {
  const partitions = await queryRows<{ name: string }>(
    db,
    `SELECT partition_name AS name FROM information_schema.partitions
     WHERE table_schema = DATABASE() AND table_name = ? AND partition_name IS NOT NULL
     ORDER BY partition_ordinal_position`,
    [table],
  )
  const last = partitions.pop()
  const months = partitions.flatMap(({ name }) => toPartitionMonth(name))
  return last?.name === OVERFLOW && months.length === partitions.length ? months : undefined
}

export async function hasRows(db: Pick<Tx, 'query'>, from: string): Promise<boolean> {
  const rows = await queryRows<object>(db, `SELECT 1 AS one FROM ${from} LIMIT 1`)
  return rows.length > 0
}

export const hasTable = async (db: Pick<Tx, 'query'>, table: string): Promise<boolean> =>
  (await queryRows<object>(db, 'SHOW TABLES LIKE ?', [table.replaceAll('_', '\\_')])).length > 0

export async function readToday(db: Pick<Tx, 'query'>): Promise<string> {
  const { today } = await queryRow<{ today: string }>(db, "SELECT DATE_FORMAT(UTC_DATE(), '%Y-%m-%d') AS today")
  return today
}

/** Lists the table's columns for an INSERT … SELECT. */
export async function renderColumns(db: Pick<Tx, 'query'>, table: string): Promise<string> {
  const columns = await queryRows<{ name: string }>(
    db,
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`,
    [table],
  )
  return columns.map(({ name }) => `\`${name}\``).join(', ')
}

/** Says that a long transaction or a dump uses the table. The message names no host. */
export class TableInUseError extends Error {
  constructor(cause?: unknown) {
    super('A long transaction or a dump uses the table. Try again later: the work goes on from here.', { cause })
    this.name = 'TableInUseError'
  }
}

/**
 * Runs a change of a table, and `prepare` before each try. It gives way to the table's users and tries again.
 * @throws PartitionsNotAllowedError, TableInUseError
 */
export async function changeTable(
  connection: Connection,
  statement: string,
  prepare?: () => Promise<void>,
): Promise<void> {
  await connection.query(`SET SESSION lock_wait_timeout = ${LOCK_WAIT_SECONDS}`)
  for (let tried = 1; ; tried += 1) {
    try {
      await prepare?.()
      await connection.query(statement)
      return
    } catch (error) {
      if (isPrivilegeMissing(error)) throw new PartitionsNotAllowedError(error)
      if (!isLockWaitTimeout(error)) throw error
      if (tried === LOCK_TRIES) throw new TableInUseError(error)
      await sleep(LOCK_PAUSE_MS)
    }
  }
}
