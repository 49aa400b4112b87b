import { MONTHLY_TABLES, type MonthlyTable } from '@engineer-chat/chat/operations'
import { type Mysql, queryRow, runAlone } from '../../core/index.ts'
import type { DivideOptions } from './divide-options.ts'
import { type DivideResult, divideTable } from './divide-table.ts'
import { hasRows, hasTable, listPartitionMonths, MONTHS_LOCK, OVERFLOW, toOldName } from './partitions.ts'

/** Describes for operators how a table is stored. */
export interface MonthlyTableInfo {
  table: MonthlyTable
  /** Holds the server's estimate of the count of rows. */
  rows: number
  /** Undefined means that the table is not stored by month. */
  months: string[] | undefined
  /** True means that there are rows after the last month, so that the table has to be moved again. */
  isOverflowUsed: boolean
  /** Is true if a move has not ended, or if it has kept the old table because the new one lacks some of its rows. */
  hasOldTable: boolean
}

/** Leaves out a table that no migration has created yet. */
export async function readMonthlyTables({ pool }: Pick<Mysql, 'pool'>): Promise<MonthlyTableInfo[]> {
  const infos: MonthlyTableInfo[] = []
  for (const table of MONTHLY_TABLES) {
    if (!(await hasTable(pool, table))) continue
    const months = await listPartitionMonths(pool, table)
    const { rows } = await queryRow<{ rows: number | string | null }>(
      pool,
      'SELECT table_rows AS `rows` FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
      [table],
    )
    infos.push({
      table,
      months,
      rows: Number(rows),
      isOverflowUsed: months !== undefined && (await hasRows(pool, `${table} PARTITION (${OVERFLOW})`)),
      hasOldTable: await hasTable(pool, toOldName(table)),
    })
  }
  return infos
}

/**
 * Partitions the tables by month while they are in use. Resolves to undefined if another process changes partitions.
 * The account must have the privileges to change tables. @throws PartitionsNotAllowedError, TableInUseError
 */
export async function moveIntoMonths(
  mysql: Pick<Mysql, 'open'>,
  options: DivideOptions,
  tables: readonly MonthlyTable[] = MONTHLY_TABLES,
): Promise<Array<DivideResult & { table: MonthlyTable }> | undefined> {
  const results: Array<DivideResult & { table: MonthlyTable }> = []
  const hasRun = await runAlone(mysql, MONTHS_LOCK, async (connection) => {
    for (const table of tables) results.push({ table, ...(await divideTable(connection, table, options)) })
  })
  return hasRun ? results : undefined
}
