import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { EVERY_PERSON, rankSimilar, TEXT_RULES } from '@engineer-chat/chat/ranking'
import { followRooms, INDICATOR_RULES } from '@engineer-chat/chat/rooms'
import { createId } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import type { RowDataPacket } from 'mysql2'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import type { Measurer } from '../measure/measurer.ts'
import { median, quantile, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { startStack } from '../processes/stack.ts'
import { createTextWriter } from '../ranking/texts.ts'
import { type BenchReport, createMaximumGoal, formatNumber, formatStats } from '../report/report.ts'
import type { Scale } from '../scale.ts'

const LISTED_EVENTS = 5
const INDEX_BATCH = { maxRooms: 100, maxMessages: 100 }
const SENTENCES_PER_EVENT = 3
const MAX_P95_MS = 250

interface SimilarStats {
  p50_ms: number
  p95_ms: number
  /** Gives the mean number of SELECT statements that one call sends. */
  statements: number
  /** Gives the mean number of events that one call returns. */
  named: number
}

/** Measures how long it takes to find the events that are similar to a given one. */
export async function benchSimilar({ rounds, similar }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  const mysql = openMysql(stack.mysql.url, { connectionLimit: 4 })
  try {
    await migrate(mysql)
    const stores = createMysqlStores(mysql)
    const database = await openBulkDatabase(stack.mysql.url, 1)
    await database.pool.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0') // Loading test data needs no durability.
    const eventIds = await createEvents(database, similar.events)
    const startedAtMs = performance.now()
    // Each call indexes one batch.
    while (await followRooms(stores.textIndex, TEXT_RULES, INDEX_BATCH));
    while (await followRooms(stores.indicators, INDICATOR_RULES, INDEX_BATCH));
    const fillMs = performance.now() - startedAtMs
    const results = await measureAlternately(measurer, ['similar'], rounds + 1, (_, round) =>
      measureCalls(database, stores, eventIds, { calls: similar.calls, round }),
    )
    await database.close()
    results.similar.shift() // The first round only warms the caches.
    return toReport(similar.events, fillMs, results.similar)
  } finally {
    await mysql.close()
    await stack.stop()
  }
}

/**
 * Creates the events. About a third of their sentences name a host and an address, so that some events share a host or
 * an address.
 */
async function createEvents(database: BulkDatabase, count: number): Promise<string[]> {
  const { writeMessage } = createTextWriter(count)
  const eventIds = Array.from({ length: count }, () => createId())
  await database.insertRows(
    'INSERT INTO events (event_id, event_name, message, context, severity, source)',
    eventIds.map((event_id) => {
      const message = Array.from({ length: SENTENCES_PER_EVENT }, writeMessage).join(' ')
      return [event_id, writeMessage().slice(0, 60), message, '', 'high', 'EDR']
    }),
  )
  return eventIds
}

async function measureCalls(
  { pool }: BulkDatabase,
  { similarEvents }: Stores,
  eventIds: string[],
  { calls, round }: { calls: number; round: number },
): Promise<SimilarStats> {
  const selectsBefore = await countSelects(pool)
  const durationsMs: number[] = []
  let named = 0
  for (let call = 0; call < calls; call += 1) {
    const event_id = eventIds[(round * calls + call) % eventIds.length] ?? ''
    const startedAtMs = performance.now()
    named += rankSimilar(await similarEvents.findSimilarities(EVERY_PERSON, event_id), LISTED_EVENTS).length
    durationsMs.push(performance.now() - startedAtMs)
  }
  const statements = ((await countSelects(pool)) - selectsBefore) / calls
  return { p50_ms: median(durationsMs), p95_ms: quantile(durationsMs, 0.95), statements, named: named / calls }
}

async function countSelects(pool: BulkDatabase['pool']): Promise<number> {
  const [[row]] = await pool.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Com_select'")
  return Number(row?.Value)
}

function toReport(eventCount: number, fillMs: number, results: SimilarStats[]): BenchReport {
  const p95 = toRoundStats(results.map(({ p95_ms }) => p95_ms))
  const computeMean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length
  return {
    bench: 'similar',
    tables: [
      {
        title: 'find similar events',
        head: ['events', 'p50 ms', 'p95 ms', 'statements', 'found', 'ms to index an event'],
        rows: [
          [
            formatNumber(eventCount),
            formatStats(toRoundStats(results.map(({ p50_ms }) => p50_ms))),
            formatStats(p95),
            formatNumber(computeMean(results.map(({ statements }) => statements))),
            formatNumber(computeMean(results.map(({ named }) => named))),
            formatNumber(fillMs / eventCount),
          ],
        ],
        notes: ['The calls run one after another. An event’s description has three sentences, some with an address.'],
      },
    ],
    goals: [createMaximumGoal(`similar among ${formatNumber(eventCount)} events, p95`, MAX_P95_MS, 'ms', p95)],
    data: { events: eventCount, fillMs, found: results },
  }
}
