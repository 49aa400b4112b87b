import type { Log } from '../shared/index.ts'
import {
  MONTHLY_TABLES,
  type MonthArchive,
  type MonthlyTable,
  type MonthPartitions,
  type MonthStore,
  PartitionsNotAllowedError,
} from './month-store.ts'
import { listMissingMonths, listOldMonths } from './months.ts'

export interface RotationContext {
  months: MonthStore
  /** Undefined means that no rows are archived. */
  archive?: MonthArchive | undefined
  log: Log
}

/** Holds the number of days for which the rows of each table are kept. 0 means forever. */
export type KeptDaysByTable = Record<MonthlyTable, number>

/**
 * Adds partitions for the next months and removes old months. Resolves to the tables whose old rows the caller must
 * delete row by row, because the table is not stored by month or the account may not change partitions. With an archive
 * the list is empty: the archive takes only whole months, so the old rows of such a table stay, and this is logged. The
 * list is also empty if another process is rotating the tables. If the signal aborts before all is done, the call
 * rejects with the signal's reason.
 */
export async function rotateMonths(
  ctx: RotationContext,
  keptDaysByTable: KeptDaysByTable,
  signal?: AbortSignal,
): Promise<MonthlyTable[]> {
  const tablesToCleanByRow: MonthlyTable[] = []
  await ctx.months.runAlone(async (partitions) => {
    for (const table of MONTHLY_TABLES) {
      signal?.throwIfAborted()
      const keptDays = keptDaysByTable[table]
      const canRemoveByMonth = await rotateTable({ ...ctx, partitions, signal }, table, keptDays)
      if (canRemoveByMonth || keptDays === 0) continue
      if (ctx.archive) ctx.log.warn('EngineerChat.archive_needs_partitions', { table })
      else tablesToCleanByRow.push(table)
    }
  })
  return tablesToCleanByRow
}

interface TableContext extends RotationContext {
  partitions: MonthPartitions
  signal: AbortSignal | undefined
}

/**
 * Resolves to false if the rows of the table cannot be removed by month. Any other failure is logged and resolves to
 * true: the next tables are rotated, and this table waits for the next run. The signal's reason is thrown.
 */
async function rotateTable(ctx: TableContext, table: MonthlyTable, keptDays: number): Promise<boolean> {
  try {
    const state = await ctx.partitions.readState(table)
    if (!state) return false
    // A removal that was interrupted has left some rows in a helper table. It is finished here and not in
    // `archiveAndRemove`, which skips the month if only rows under a legal hold are left in it.
    await ctx.partitions.finishRemoval(table)
    if (state.isOverflowUsed) ctx.log.warn('EngineerChat.partitions_missing', { table })
    // Months can be added only while the overflow is empty.
    const monthsToAdd = state.isOverflowUsed ? [] : listMissingMonths(state.months, state.today)
    if (monthsToAdd.length > 0) await ctx.partitions.addMonths(table, monthsToAdd)
    const oldMonths = keptDays > 0 ? listOldMonths(state.months, keptDays, state.today) : []
    for (const month of oldMonths) await archiveAndRemove(ctx, table, month)
    return true
  } catch (error) {
    if (ctx.signal?.aborted && error === ctx.signal.reason) throw error
    if (error instanceof PartitionsNotAllowedError) {
      ctx.log.warn('EngineerChat.partitions_not_allowed', { table }, error)
      return false
    }
    ctx.log.error('EngineerChat.partitions_failed', { table }, error)
    return true
  }
}

/**
 * Archives all rows of the month, and then removes those that are under no legal hold. A month that has only rows under
 * a legal hold is skipped.
 */
async function archiveAndRemove(ctx: TableContext, table: MonthlyTable, month: string): Promise<void> {
  const { partitions, archive, log, signal } = ctx
  signal?.throwIfAborted()
  const content = await partitions.readContent(table, month)
  if (content === 'held') return
  if (content === 'removable')
    await archive?.archiveMonth(table, month, stopOnAbort(partitions.listRows(table, month), signal))
  await partitions.removeMonth(table, month)
  log.info('EngineerChat.month_removed', { table, month })
}

async function* stopOnAbort(rows: AsyncIterable<object>, signal: AbortSignal | undefined): AsyncIterable<object> {
  for await (const row of rows) {
    signal?.throwIfAborted()
    yield row
  }
}
