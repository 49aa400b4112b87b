import type { Log } from '../shared/index.ts'
import {
  MONTHLY_TABLES,
  type MonthArchive,
  type MonthlyTable,
  type MonthStore,
  type MonthTables,
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
export type MonthAges = Record<MonthlyTable, number>

/**
 * Adds partitions for the next months and removes the months that are old. Returns the tables whose old rows have to be
 * deleted row by row: they are not stored by month, or the account may not change partitions. With an archive no table
 * is returned, because rows are then removed only by month, after they were archived. No table is returned either if
 * another process is already rotating them.
 */
export async function rotateMonths(
  ctx: RotationContext,
  ages: MonthAges,
  signal?: AbortSignal,
): Promise<MonthlyTable[]> {
  const remaining: MonthlyTable[] = []
  await ctx.months.runAlone(async (tables) => {
    for (const table of MONTHLY_TABLES) {
      signal?.throwIfAborted()
      const isRotated = await rotateTable({ ...ctx, tables, signal }, table, ages[table])
      if (isRotated) continue
      if (!ctx.archive) remaining.push(table)
      else ctx.log.warn('EngineerChat.archive_needs_partitions', { table })
    }
  })
  return remaining
}

interface TableContext extends RotationContext {
  tables: MonthTables
  signal: AbortSignal | undefined
}

/** Returns false if the rows of the table cannot be removed by month. A failure of one table does not stop the next. */
async function rotateTable(ctx: TableContext, table: MonthlyTable, keptDays: number): Promise<boolean> {
  try {
    const state = await ctx.tables.readState(table)
    if (!state) return false
    // Finishes an interrupted removal. `removeMonth` below skips a month that has only rows under a legal hold, so the
    // removal of that month would stay unfinished.
    await ctx.tables.finishRemoval(table)
    if (state.isOverflowUsed) ctx.log.warn('EngineerChat.partitions_missing', { table })
    const missing = state.isOverflowUsed ? [] : listMissingMonths(state.months, state.today)
    if (missing.length > 0) await ctx.tables.addMonths(table, missing)
    const old = keptDays > 0 ? listOldMonths(state.months, keptDays, state.today) : []
    for (const month of old) await removeMonth(ctx, table, month)
    return true
  } catch (error) {
    if (ctx.signal?.aborted) throw error
    if (error instanceof PartitionsNotAllowedError) {
      ctx.log.warn('EngineerChat.partitions_not_allowed', { table }, error)
      return false
    }
    ctx.log.error('EngineerChat.partitions_failed', { table }, error)
    return true
  }
}

/** Completes the archive of the month before it removes the first row. */
async function removeMonth({ tables, archive, log, signal }: TableContext, table: MonthlyTable, month: string) {
  signal?.throwIfAborted()
  const content = await tables.readContent(table, month)
  if (content === 'held') return
  if (content === 'removable')
    await archive?.keepMonth(table, month, stopOnAbort(tables.listRows(table, month), signal))
  await tables.removeMonth(table, month)
  log.info('EngineerChat.month_removed', { table, month })
}

async function* stopOnAbort(rows: AsyncIterable<object>, signal: AbortSignal | undefined): AsyncIterable<object> {
  for await (const row of rows) {
    signal?.throwIfAborted()
    yield row
  }
}
