import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import type { Audience } from '@engineer-chat/chat/shared'
import { createPool, type Pool } from 'mysql2/promise'
import { openBulkDatabase } from '../database/bulk-database.ts'
import type { Measurer } from '../measure/measurer.ts'
import { median, quantile, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber, type Goal, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { fillRoom } from './fill-room.ts'
import { clearRecordedTimes, readRecordedTimes, recordStatements } from './server-time.ts'

const PAGE_MESSAGES = 50

const READ_NAMES = [
  'newest page',
  'page in the middle',
  'resume, 20 behind',
  "a session's page",
  'OFFSET, for comparison',
] as const
type ReadName = (typeof READ_NAMES)[number]

/** The goal for reading a page of messages applies to these reads. */
const GOAL_READS: ReadName[] = ['newest page', 'page in the middle']

/** Maps each read to its function and to the number of statements that it runs. */
type Reads = Record<ReadName, { statements: number; run(): Promise<unknown> }>

interface FilledRoom {
  /** Counts the messages of the room. */
  size: number
  databaseName: string
  url: string
  event_id: string
  readerId: string
}

interface OpenRoom extends FilledRoom {
  reads: Reads
  /**
   * Resolves when MySQL has recorded all earlier statements. MySQL records a statement after the response to it, but
   * before the next statement of the same connection.
   */
  waitUntilRecorded(): Promise<unknown>
  close(): Promise<unknown>
}

interface Timings {
  /** Holds the time that MySQL took for each read. */
  mysql_ms: number[]
  /** Holds the time of each read from its call until its promise was resolved. */
  total_ms: number[]
}

/** Measures how long it takes to read a page of a room, or the missed rows of a socket, in rooms of several lengths. */
export async function benchHistory({ rounds, history }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  const admin = createPool({ uri: stack.mysql.url, connectionLimit: 1 })
  try {
    await admin.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0') // Loading test data needs no durability.
    const filledRooms: FilledRoom[] = []
    for (const size of history.sizes) filledRooms.push(await createFilledRoom(stack, admin, size))
    await admin.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1')
    await recordStatements(admin)
    const openRooms = filledRooms.map(openFilledRoom)
    const readsByKey = new Map(
      openRooms.flatMap((room) => READ_NAMES.map((read) => [toResultKey(room, read), { room, read }])),
    )
    const results = await measureAlternately(measurer, [...readsByKey.keys()], rounds + 1, async (key, round) => {
      const { room, read } = readsByKey.get(key) ?? {}
      if (!room || !read) throw new Error(`There is no read ${key}.`)
      const samples = read === 'OFFSET, for comparison' ? history.offsetSamples : history.cursorSamples
      const timings = await measureReads(admin, room, read, samples)
      return round === 0 ? { mysql_ms: [], total_ms: [] } : timings // The first round only warms the caches.
    })
    for (const room of openRooms) await room.close()
    return {
      bench: 'history',
      tables: [toTable(openRooms, results)],
      goals: listGoals(openRooms, results),
      data: results,
    }
  } finally {
    await admin.end()
    await stack.stop()
  }
}

async function createFilledRoom(stack: Stack, admin: Pool, size: number): Promise<FilledRoom> {
  const databaseName = `history_${size}`
  await admin.query(`CREATE DATABASE ${databaseName}`)
  const url = replaceDatabase(stack.mysql.url, databaseName)
  const mysql = openMysql(url, { connectionLimit: 1 })
  await migrate(mysql)
  await mysql.close()
  const database = await openBulkDatabase(url, 1)
  const [event_id = ''] = await database.createRooms(1)
  const readerId = database.users[0]?.user_id ?? ''
  await database.pool.query(
    `INSERT INTO chat_sessions (session_id, event_id, user_id, max_rounds) VALUES (?, ?, ?, 10)`,
    [toSessionId(size), event_id, readerId],
  )
  await fillRoom(database.pool, event_id, readerId, size)
  await database.pool.query('ANALYZE TABLE messages')
  await database.close()
  return { size, databaseName, url, event_id, readerId }
}

/** Returns the id of the reader's session in the middle of a room with `size` messages, as `fillRoom` names it. */
const toSessionId = (size: number): string => `chat_own_${Math.floor(size / 200)}`

const replaceDatabase = (url: string, database: string): string =>
  Object.assign(new URL(url), { pathname: database }).href

function openFilledRoom(room: FilledRoom): OpenRoom {
  const { url, event_id, readerId, size } = room
  const mysql = openMysql(url, { connectionLimit: 1 })
  // The product's pool would time out before a query with such an OFFSET ends.
  const slowPool = createPool({ uri: url, connectionLimit: 1 })
  const { timeline } = createMysqlStores(mysql)
  const audiences: Audience[] = ['all', 'people', readerId]
  const middle = Math.floor(size / 2)
  const reads: Reads = {
    'newest page': { statements: 2, run: () => timeline.readPage(event_id, audiences, { limit: PAGE_MESSAGES }) },
    'page in the middle': {
      statements: 2,
      run: () => timeline.readPage(event_id, audiences, { limit: PAGE_MESSAGES, before: middle }),
    },
    'resume, 20 behind': { statements: 2, run: () => timeline.readChanges(event_id, audiences, size - 20, 500) },
    "a session's page": {
      statements: 2,
      run: () => timeline.readSessionPage(toSessionId(size), { limit: PAGE_MESSAGES }),
    },
    'OFFSET, for comparison': {
      statements: 1,
      run: () =>
        slowPool.query(
          `SELECT * FROM messages WHERE event_id = ? AND audience IN (?) ORDER BY created_at DESC LIMIT ? OFFSET ?`,
          [event_id, audiences, PAGE_MESSAGES, middle],
        ),
    },
  }
  const pools = [mysql.pool, slowPool]
  return {
    ...room,
    reads,
    waitUntilRecorded: () => Promise.all(pools.map((pool) => pool.query('DO 0'))),
    close: () => Promise.all(pools.map((pool) => pool.end())),
  }
}

async function measureReads(admin: Pool, room: OpenRoom, read: ReadName, samples: number): Promise<Timings> {
  const { run, statements } = room.reads[read]
  await run()
  await room.waitUntilRecorded()
  await clearRecordedTimes(admin)
  const total_ms: number[] = []
  for (let sample = 0; sample < samples; sample++) {
    const startedAtMs = performance.now()
    await run()
    total_ms.push(performance.now() - startedAtMs)
  }
  await room.waitUntilRecorded()
  return { mysql_ms: await readRecordedTimes(admin, room.databaseName, statements), total_ms }
}

/** Maps each `toResultKey` to the timings of its rounds. */
type Results = Record<string, Timings[]>

const toResultKey = ({ size }: OpenRoom, read: ReadName): string => `${size} ${read}`

const listTimings = (results: Results, room: OpenRoom, read: ReadName, pick: keyof Timings): number[] =>
  (results[toResultKey(room, read)] ?? []).flatMap((timings) => timings[pick])

function toTable(openRooms: OpenRoom[], results: Results): Table {
  const rows = READ_NAMES.map((read) => [
    read,
    ...openRooms.map((room) => {
      const mysql = listTimings(results, room, read, 'mysql_ms')
      const [p50, p99] = [median(mysql), quantile(mysql, 0.99)].map(formatNumber)
      return `${p50} / ${p99} (${formatNumber(median(listTimings(results, room, read, 'total_ms')))})`
    }),
  ])
  return {
    title: `reading ${PAGE_MESSAGES} messages of one room, by its length`,
    head: ['', ...openRooms.map(({ size }) => `${formatNumber(size)} messages`)],
    rows,
    notes: ['Milliseconds in MySQL, p50 / p99, and in brackets p50 for the caller, with the driver and the rows.'],
  }
}

function listGoals(openRooms: OpenRoom[], results: Results): Goal[] {
  return GOAL_READS.flatMap((read) =>
    openRooms.map((room) => {
      const rounds = (results[toResultKey(room, read)] ?? []).filter(({ mysql_ms }) => mysql_ms.length > 0)
      const medians = rounds.map(({ mysql_ms }) => median(mysql_ms))
      return createMaximumGoal(`${read} of ${formatNumber(room.size)}, p50 in MySQL`, 0.7, 'ms', toRoundStats(medians))
    }),
  )
}
