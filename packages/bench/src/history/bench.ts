import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import type { Audience } from '@engineer-chat/chat/shared'
import { createPool, type Pool } from 'mysql2/promise'
import type { IdleMachine } from '../measure/idle-machine.ts'
import { median, quantile, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { createMaximumGoal, formatNumber, type Goal, type Report, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { createWorld } from '../world/world.ts'
import { fillRoom } from './load.ts'
import { clearRecordedTimes, readRecordedTimes, recordStatements } from './server-time.ts'

const LIMIT = 50

const QUESTIONS = [
  'newest page',
  'page in the middle',
  'resume, 20 behind',
  "a session's page",
  'OFFSET, for comparison',
] as const
type Question = (typeof QUESTIONS)[number]

/** Maps each question to how it is read, and in how many statements. */
type Reads = Record<Question, { statements: number; run(): Promise<unknown> }>

interface FilledRoom {
  size: number
  database: string
  url: string
  event_id: string
  reader: string
}

interface OpenRoom extends FilledRoom {
  reads: Reads
  /** Resolves when MySQL has recorded the statements so far, which happens after it has answered them. */
  waitUntilRecorded(): Promise<unknown>
  close(): Promise<unknown>
}

interface Timings {
  /** Holds the time that each statement took in MySQL. */
  mysql_ms: number[]
  /** Holds the time until the caller had its rows. */
  total_ms: number[]
}

/** Measures the pages of a room and the rows that a socket resumes with, in rooms of several lengths. */
export async function benchHistory({ rounds, history }: Scale, machine: IdleMachine): Promise<Report> {
  const stack = await startStack()
  const admin = createPool({ uri: stack.mysql.url, connectionLimit: 1 })
  try {
    await admin.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0') // Loading test data needs no durability.
    const places: FilledRoom[] = []
    for (const size of history.sizes) places.push(await createFilledRoom(stack, admin, size))
    await admin.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1')
    await recordStatements(admin)
    const openPlaces = places.map(openPlace)
    const names = openPlaces.flatMap((place) => QUESTIONS.map((question) => `${place.size} ${question}`))
    const results = await measureAlternately(machine, names, rounds + 1, async (name, round) => {
      const place = openPlaces.find(({ size }) => name.startsWith(`${size} `))
      const question = QUESTIONS.find((one) => name.endsWith(one))
      if (!place || !question) throw new Error(name)
      const samples = question === 'OFFSET, for comparison' ? history.offsets : history.samples
      const timings = await measureReads(admin, place, question, samples)
      return round === 0 ? { mysql_ms: [], total_ms: [] } : timings // The first round only warms the caches.
    })
    for (const place of openPlaces) await place.close()
    return {
      bench: 'history',
      tables: [toTable(openPlaces, results)],
      goals: listGoals(openPlaces, results),
      data: results,
    }
  } finally {
    await admin.end()
    await stack.stop()
  }
}

async function createFilledRoom(stack: Stack, admin: Pool, size: number): Promise<FilledRoom> {
  const database = `history_${size}`
  await admin.query(`CREATE DATABASE ${database}`)
  const url = withDatabase(stack.mysql.url, database)
  const mysql = openMysql(url, { connectionLimit: 1 })
  await migrate(mysql)
  await mysql.close()
  const world = await createWorld(url, 1)
  const [event_id = ''] = await world.openRooms(1)
  const reader = world.askers[0]?.user_id ?? ''
  await world.pool.query(`INSERT INTO chat_sessions (session_id, event_id, user_id, max_rounds) VALUES (?, ?, ?, 10)`, [
    createSessionId(size),
    event_id,
    reader,
  ])
  await fillRoom(world.pool, event_id, reader, size)
  await world.pool.query('ANALYZE TABLE messages')
  await world.close()
  return { size, database, url, event_id, reader }
}

const createSessionId = (size: number): string => `chat_own_${Math.floor(size / 200)}`

const withDatabase = (url: string, database: string): string => Object.assign(new URL(url), { pathname: database }).href

function openPlace(place: FilledRoom): OpenRoom {
  const { url, event_id, reader, size } = place
  const mysql = openMysql(url, { connectionLimit: 1 })
  // The product's own pool would time out before such an OFFSET ends.
  const slowPool = createPool({ uri: url, connectionLimit: 1 })
  const { timeline } = createMysqlStores(mysql)
  const audiences: Audience[] = ['all', 'people', reader]
  const before = Math.floor(size / 2)
  const reads: Reads = {
    'newest page': { statements: 2, run: () => timeline.readPage(event_id, audiences, { limit: LIMIT }) },
    'page in the middle': {
      statements: 2,
      run: () => timeline.readPage(event_id, audiences, { limit: LIMIT, before }),
    },
    'resume, 20 behind': { statements: 2, run: () => timeline.readChanges(event_id, audiences, size - 20, 500) },
    "a session's page": { statements: 2, run: () => timeline.readSessionPage(createSessionId(size), { limit: LIMIT }) },
    'OFFSET, for comparison': {
      statements: 1,
      run: () =>
        slowPool.query(
          `SELECT * FROM messages WHERE event_id = ? AND audience IN (?) ORDER BY created_at DESC LIMIT ? OFFSET ?`,
          [event_id, audiences, LIMIT, before],
        ),
    },
  }
  const pools = [mysql.pool, slowPool]
  return {
    ...place,
    reads,
    waitUntilRecorded: () => Promise.all(pools.map((pool) => pool.query('DO 0'))),
    close: () => Promise.all(pools.map((pool) => pool.end())),
  }
}

async function measureReads(admin: Pool, place: OpenRoom, question: Question, samples: number): Promise<Timings> {
  const { run, statements } = place.reads[question]
  await run()
  await place.waitUntilRecorded()
  await clearRecordedTimes(admin)
  const total_ms: number[] = []
  for (let sample = 0; sample < samples; sample++) {
    const begin = performance.now()
    await run()
    total_ms.push(performance.now() - begin)
  }
  await place.waitUntilRecorded()
  return { mysql_ms: await readRecordedTimes(admin, place.database, statements), total_ms }
}

type Results = Record<string, Timings[]>

const listTimings = (results: Results, place: OpenRoom, question: Question, pick: keyof Timings): number[] =>
  (results[`${place.size} ${question}`] ?? []).flatMap((timings) => timings[pick])

function toTable(openPlaces: OpenRoom[], results: Results): Table {
  const rows = QUESTIONS.map((question) => [
    question,
    ...openPlaces.map((place) => {
      const mysql = listTimings(results, place, question, 'mysql_ms')
      const [p50, p99] = [median(mysql), quantile(mysql, 0.99)].map(formatNumber)
      return `${p50} / ${p99} (${formatNumber(median(listTimings(results, place, question, 'total_ms')))})`
    }),
  ])
  return {
    title: `reading ${LIMIT} messages of one room, by its length`,
    head: ['', ...openPlaces.map(({ size }) => `${formatNumber(size)} messages`)],
    rows,
    notes: ['Milliseconds in MySQL, p50 / p99, and in brackets p50 for who asks: driver, rows and all.'],
  }
}

function listGoals(openPlaces: OpenRoom[], results: Results): Goal[] {
  return QUESTIONS.slice(0, 3).flatMap((question) =>
    openPlaces.map((place) => {
      const rounds = (results[`${place.size} ${question}`] ?? []).filter(({ mysql_ms }) => mysql_ms.length > 0)
      const medians = rounds.map(({ mysql_ms }) => median(mysql_ms))
      return createMaximumGoal(
        `${question} of ${formatNumber(place.size)}, p50 in MySQL`,
        0.5,
        'ms',
        toRoundStats(medians),
      )
    }),
  )
}
