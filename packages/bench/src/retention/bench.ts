import { createMysqlStores, migrate, moveIntoMonths, openMysql } from '@engineer-chat/adapters/mysql'
import type { Stores } from '@engineer-chat/chat/stores'
import type { RowDataPacket } from 'mysql2'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import type { Measurer } from '../measure/measurer.ts'
import { toRoundStats } from '../measure/quantiles.ts'
import { startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import {
  EVENTS_UNDER_LEGAL_HOLD,
  FIRST_EVENT_UNDER_LEGAL_HOLD,
  fillAudit,
  MONTHS,
  removePartitions,
} from './fill-audit.ts'
import { measureWrites, type WriteStats } from './measure-writes.ts'

const MIB = 1_024 ** 2
/** One DELETE removes at most this number of rows. */
const DELETE_BATCH_ROWS = 500
/** Holds the defaults of the `partitions` command. */
const MOVE_OPTIONS = { batchRows: 5_000, workTimePercent: 50 }
/** Rows that are older than this are deleted, which is about the oldest month. */
const KEPT_DAYS = Math.round((MONTHS - 1) * 30.5)

/** Holds the size of the audit in one layout: with or without partitions. */
interface TableSize {
  layout: string
  rows: number
  bytes: number
}

/** Holds the measurement of one step of the bench. */
interface Step {
  what: string
  /** Counts the rows that the step has deleted, moved or dropped. */
  rows: number
  ms: number
  /** Holds the times of the inserts during the step. */
  writes: WriteStats
}

/**
 * Measures how long it takes to divide a large audit into monthly partitions and to remove its old rows. One writer
 * adds rows all the time.
 */
export async function benchRetention({ retention }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  const mysql = openMysql(stack.mysql.url, { connectionLimit: 4 })
  const database = await openBulkDatabase(stack.mysql.url, 0)
  try {
    await migrate(mysql)
    await removePartitions(database)
    await fillAudit(database, retention.rows)
    const stores = createMysqlStores(mysql)
    const sizes = [await readSize(database, 'without partitions')]
    const measure = createStepMeasurer(stores, measurer)
    const measureDrop = async (what: string) => {
      const { month, rows } = await findMonth(database, retention.rows)
      return measure(what, async () => {
        await stores.months.runAlone((tables) => tables.removeMonth('audit_log', month))
        return rows
      })
    }
    const onlyWrites = await measure('no other work', async () => {
      await database.pool.query('SELECT SLEEP(?)', [retention.restSeconds])
      return 0
    })
    const deletion = await measure(`delete a month, ${DELETE_BATCH_ROWS} rows at a time`, () => deleteMonth(stores))
    const move = await measure('move the table into months', async () => {
      const rows = await countRows(database)
      await moveIntoMonths(mysql, MOVE_OPTIONS, ['audit_log'])
      return rows
    })
    sizes.push(await readSize(database, 'a partition for each month'))
    const drop = await measureDrop('drop a month')
    await database.insertRows(
      'INSERT INTO legal_holds (event_id)',
      Array.from({ length: EVENTS_UNDER_LEGAL_HOLD }, (_, index) => [`event-${FIRST_EVENT_UNDER_LEGAL_HOLD + index}`]),
    )
    const dropWithHolds = await measureDrop('drop a month, 1 % of its rows under a legal hold')
    return toReport(retention.rows, { onlyWrites, deletion, move, drop, dropWithHolds }, sizes)
  } finally {
    await database.close()
    await mysql.close()
    await stack.stop()
  }
}

const createStepMeasurer =
  (stores: Stores, measurer: Measurer) =>
  (what: string, run: () => Promise<number>): Promise<Step> =>
    measurer.measureOnce(async () => {
      const { processedRows, ms, writes } = await measureWrites(stores.audit, run)
      return { what, rows: processedRows, ms, writes }
    })

/** Deletes the oldest month in batches of rows, as it is done in a table without partitions. */
async function deleteMonth({ retention }: Stores): Promise<number> {
  let deleted = 0
  for (;;) {
    const removed = await retention.removeAudit(KEPT_DAYS, DELETE_BATCH_ROWS)
    deleted += removed
    if (removed < DELETE_BATCH_ROWS) return deleted
  }
}

/**
 * Finds the oldest month that has more than half as many rows as an average month. The first month may have fewer,
 * because rows were deleted by their age.
 */
async function findMonth(database: BulkDatabase, filledRows: number): Promise<{ month: string; rows: number }> {
  const { pool, readNumber } = database
  for (const partition of await listPartitions(pool)) {
    // The partition of a month is named `p`, year and month, such as `p202601`. There may be other partitions.
    const [, year, month] = /^p(\d{4})(\d{2})$/.exec(partition) ?? []
    if (year === undefined) continue
    const rows = await readNumber(`SELECT COUNT(*) FROM audit_log PARTITION (${partition})`)
    if (rows > filledRows / MONTHS / 2) return { month: `${year}-${month}`, rows }
  }
  throw new Error('The audit has no month with rows.')
}

async function listPartitions(pool: BulkDatabase['pool']): Promise<string[]> {
  const [rows] = await pool.query<Array<{ name: string } & RowDataPacket>>(
    `SELECT partition_name AS name FROM information_schema.partitions
     WHERE table_schema = DATABASE() AND table_name = 'audit_log' ORDER BY partition_ordinal_position`,
  )
  return rows.map(({ name }) => name)
}

const countRows = (database: BulkDatabase): Promise<number> => database.readNumber('SELECT COUNT(*) FROM audit_log')

async function readSize(database: BulkDatabase, layout: string): Promise<TableSize> {
  await database.pool.query('ANALYZE TABLE audit_log')
  const bytes = await database.readNumber(
    `SELECT data_length + index_length FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name = 'audit_log'`,
  )
  return { layout, rows: await countRows(database), bytes }
}

/** Lists the steps in the order of their measurement. */
type Steps = Record<'onlyWrites' | 'deletion' | 'move' | 'drop' | 'dropWithHolds', Step>

function toReport(filledRows: number, stepsByName: Steps, sizes: TableSize[]): BenchReport {
  const { move, drop } = stepsByName
  const steps = Object.values(stepsByName)
  return {
    bench: 'retention',
    tables: [toStepTable(filledRows, steps), toSizeTable(sizes)],
    goals: [
      createMaximumGoal('longest insert while the table is moved', 2_000, 'ms', toRoundStats([move.writes.max_ms])),
      createMaximumGoal('longest insert while a month is dropped', 2_000, 'ms', toRoundStats([drop.writes.max_ms])),
    ],
    data: { rows: filledRows, steps, sizes: sizes.map(({ layout, rows, bytes }) => [layout, bytes, rows]) },
  }
}

const toStepTable = (filledRows: number, steps: Step[]): Table => ({
  title: `an audit of ${formatNumber(filledRows)} rows of ${MONTHS} months`,
  head: ['work during the writes', 'rows', 's', 'rows/s', 'insert p50 ms', 'insert p99 ms', 'longest insert ms'],
  rows: steps.map(({ what, rows, ms, writes }) => [
    what,
    formatNumber(rows),
    formatNumber(ms / 1_000),
    formatNumber((rows * 1_000) / ms),
    formatNumber(writes.p50_ms),
    formatNumber(writes.p99_ms),
    formatNumber(writes.max_ms),
  ]),
  notes: [
    'The writer adds one row after another, each in its own commit, with pauses of 5 ms.',
    `The move copies ${formatNumber(MOVE_OPTIONS.batchRows)} rows at a time, in ${MOVE_OPTIONS.workTimePercent} % of the time, and compares all rows.`,
  ],
})

const toSizeTable = (sizes: TableSize[]): Table => ({
  title: 'size of the audit',
  head: ['', 'MiB', 'bytes for each row'],
  rows: sizes.map(({ layout, rows, bytes }) => [layout, formatNumber(bytes / MIB), formatNumber(bytes / rows)]),
})
