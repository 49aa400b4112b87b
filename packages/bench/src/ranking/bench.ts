import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { TEXT_RULES } from '@engineer-chat/chat/ranking'
import { followRooms } from '@engineer-chat/chat/rooms'
import type { Stores } from '@engineer-chat/chat/stores'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import type { Measurer } from '../measure/measurer.ts'
import { median, quantile, toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber, formatStats } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { insertMessages } from './insert-messages.ts'
import { createTextWriter } from './texts.ts'
import { createVisits, toVisitTable, VISIT_LOADS, type VisitLoad, type VisitStats } from './visits.ts'

const READ_NAMES = ['rank', 'newest'] as const
type ReadName = (typeof READ_NAMES)[number]

const LABELS: Record<ReadName, string> = {
  rank: 'rank the messages for a question',
  newest: 'read the newest 50 rows',
}

const RANKED_MESSAGES = 20
const PAGE_MESSAGES = 50
const INDEX_BATCH = { maxRooms: 10, maxMessages: 100 }
const INDEX_TABLES = ['text_entries', 'text_postings']

interface Room {
  /** Counts the messages of the room. The goal of the bench applies to the first room. */
  size: number
  event_id: string
  /** Gives the time in which all messages of the room were indexed. */
  follow_ms: number
  /** Gives the size of the room's part of the index. */
  bytes: number
}

interface ReadStats {
  p50_ms: number
  p95_ms: number
}

/** Measures how long it takes to find the messages of a room that fit a question, and to fill the index. */
export async function benchRanking({ rounds, ranking }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  const mysql = openMysql(stack.mysql.url, { connectionLimit: 4 })
  try {
    await migrate(mysql)
    const stores = createMysqlStores(mysql)
    const database = await openBulkDatabase(stack.mysql.url, 1)
    await database.pool.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0') // Loading test data needs no durability.
    const rooms: Room[] = []
    for (const size of ranking.sizes) rooms.push(await fillRoom(database, stores, size))
    const readsByKey = new Map(
      rooms.flatMap((room) => READ_NAMES.map((read) => [toResultKey(room.size, read), { room, read }])),
    )
    const results = await measureAlternately(measurer, [...readsByKey.keys()], rounds + 1, async (key, round) => {
      const { room, read } = readsByKey.get(key) ?? {}
      if (!room || !read) throw new Error(`There is no read ${key}.`)
      return measureReads(stores, room, read, ranking.questions, round)
    })
    const visit = await createVisits({ database, stores, mysqlPid: stack.mysql.pid, roomCount: ranking.visitedRooms })
    const visits = await measureAlternately(measurer, VISIT_LOADS, rounds + 1, visit)
    await database.close()
    for (const load of VISIT_LOADS) visits[load].shift()
    for (const key of readsByKey.keys()) results[key]?.shift() // The first round only warms the caches.
    return toReport(rooms, results, visits, ranking.visitedRooms)
  } finally {
    await mysql.close()
    await stack.stop()
  }
}

const toResultKey = (size: number, read: ReadName): string => `${size} ${read}`

/**
 * Fills a room with people's messages only, and measures how long it takes to index them. All of them are indexed, so
 * the index has its largest possible size.
 */
async function fillRoom(database: BulkDatabase, stores: Stores, size: number): Promise<Room> {
  const [event_id = ''] = await database.createRooms(1)
  const { writeMessage } = createTextWriter(size)
  await insertMessages(database, event_id, 1, Array.from({ length: size }, writeMessage))
  const bytesBefore = await readBytes(database)
  const startedAtMs = performance.now()
  while (await followRooms(stores.textIndex, TEXT_RULES, INDEX_BATCH)); // Each call indexes one batch.
  const follow_ms = performance.now() - startedAtMs
  return { size, event_id, follow_ms, bytes: (await readBytes(database)) - bytesBefore }
}

async function readBytes({ pool, readNumber }: BulkDatabase): Promise<number> {
  await pool.query(`ANALYZE TABLE ${INDEX_TABLES.join(', ')}`)
  return readNumber(
    `SELECT SUM(data_length + index_length) FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name IN (?)`,
    [INDEX_TABLES],
  )
}

async function measureReads(
  { textIndex, timeline }: Stores,
  { event_id }: Room,
  read: ReadName,
  questions: number,
  round: number,
): Promise<ReadStats> {
  const { writeQuestion } = createTextWriter(round)
  const reads: Record<ReadName, (text: string) => Promise<unknown>> = {
    rank: (text) =>
      textIndex.rankMessages({ event_id, text, beforePosition: Number.MAX_SAFE_INTEGER, limit: RANKED_MESSAGES }),
    newest: () => timeline.readPage(event_id, ['all', 'people'], { limit: PAGE_MESSAGES }),
  }
  const durationsMs: number[] = []
  for (let index = 0; index < questions; index += 1) {
    const text = writeQuestion()
    const startedAtMs = performance.now()
    await reads[read](text)
    durationsMs.push(performance.now() - startedAtMs)
  }
  return { p50_ms: median(durationsMs), p95_ms: quantile(durationsMs, 0.95) }
}

function toReport(
  rooms: Room[],
  results: Record<string, ReadStats[]>,
  visits: Record<VisitLoad, VisitStats[]>,
  visitedRooms: number,
): BenchReport {
  const listStats = (size: number, read: ReadName) => results[toResultKey(size, read)] ?? []
  const listP95 = (size: number, read: ReadName) => listStats(size, read).map(({ p95_ms }) => p95_ms)
  const goalSize = rooms[0]?.size ?? 0
  return {
    bench: 'ranking',
    tables: [
      {
        title: 'find what fits a question, at the worker',
        head: ['messages', '', 'p50 ms', 'p95 ms', '× the newest 50 rows, p95'],
        rows: rooms.flatMap(({ size }) =>
          READ_NAMES.map((read) => [
            formatNumber(size),
            LABELS[read],
            formatStats(toRoundStats(listStats(size, read).map(({ p50_ms }) => p50_ms))),
            formatStats(toRoundStats(listP95(size, read))),
            formatStats(toRatioStats(listP95(size, read), listP95(size, 'newest'))),
          ]),
        ),
        notes: ['All messages are people’s. About a tenth of the questions contain a pasted log of 40 lines.'],
      },
      {
        title: 'fill the index',
        head: ['messages', 'ms for each message', 'bytes for each message'],
        rows: rooms.map(({ size, follow_ms, bytes }) => [
          formatNumber(size),
          formatNumber(follow_ms / size),
          formatNumber(bytes / size),
        ]),
      },
      toVisitTable(visitedRooms, visits),
    ],
    goals: [
      createMaximumGoal(
        `rank in a room of ${formatNumber(goalSize)} messages, p95`,
        15,
        'ms',
        toRoundStats(listP95(goalSize, 'rank')),
      ),
    ],
    data: { rooms, results, visits },
  }
}
