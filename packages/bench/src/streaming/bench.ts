import { waitUntil } from '@engineer-chat/proof'
import type { RowDataPacket } from 'mysql2'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import { sendAll } from '../load/load.ts'
import type { Measurer } from '../measure/measurer.ts'
import { type CpuTimes, watchCpu } from '../measure/processes.ts'
import { median, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { type LaunchedProcess, startProgram } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber, type Goal, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { createQuestions } from '../send/requests.ts'
import type { ClientResponse } from '../socket-clients/requests.ts'
import { type SocketClients, startSocketClients } from '../socket-clients/start-socket-clients.ts'
import { PUBLISH_MODES, type PublishMode, type WriteRequest } from './write-request.ts'

const LABELS: Record<PublishMode, string> = {
  coalesced: 'Engineer Chat: pieces of 50 ms in one PUBLISH for each room',
  each: 'a PUBLISH for each piece',
}

/** If no piece arrives for this time, no more will come. The pauses of an overloaded node are shorter. */
const SETTLE_MS = 2_000

interface StreamStats {
  /** Gives the share of the published pieces that reached a socket one by one, and not in a snapshot. */
  arrived: number
  /** Holds the processor time per piece, in µs; `us` is the sum. */
  cpu: CpuTimes<'writer' | 'redis' | 'api'>
  us: number
  p50_ms: number
  p99_ms: number
}

interface Setup {
  stack: Stack
  database: BulkDatabase
  api: LaunchedProcess
  writer: LaunchedProcess
  clients: SocketClients
}

/**
 * Measures replies while they are written. A delay is the time from the creation of a piece until the socket of the
 * reply's asker receives it. Each asker has one socket.
 */
export async function benchStreaming({ rounds, streaming }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  const api = await stack.startApi()
  const writer = await startProgram('delta-writer', { DATABASE_URL: stack.mysql.url, REDIS_URL: stack.redis.url })
  const clients = await startSocketClients()
  const database = await openBulkDatabase(stack.mysql.url, Math.max(...streaming.loads.map(({ replies }) => replies)))
  const setup = { stack, database, api, writer, clients }
  try {
    const measurements: Array<{ replies: number; results: Record<PublishMode, StreamStats[]> }> = []
    let attempt = 0 // Each measurement has a higher attempt, because a node ignores pieces of lower ones.
    for (const { replies: replyCount, rooms } of streaming.loads) {
      const replies = await askAndOpenSockets(setup, replyCount, rooms)
      const measure = (mode: PublishMode) => {
        attempt += 1
        return measureWrite(setup, { mode, replies, attempt, ...streaming.pace })
      }
      for (const mode of PUBLISH_MODES) await measure(mode) // The first run only warms up.
      const results = await measureAlternately(measurer, PUBLISH_MODES, rounds, measure)
      measurements.push({ replies: replyCount, results })
      await clients.run({ type: 'close', group: 'ours' })
    }
    return {
      bench: 'streaming',
      tables: measurements.map(({ replies, results }) => toTable(replies, streaming.pace.piecesPerSecond, results)),
      // The goal applies to the first load.
      goals: measurements.slice(0, 1).map(({ replies, results }) => createGoal(replies, results.coalesced)),
      data: measurements,
    }
  } finally {
    await Promise.all([clients.process.kill(), writer.kill()])
    await database.close()
    await stack.stop()
  }
}

type RepliesToWrite = WriteRequest['replies']

/** Creates unfinished replies and opens a socket for each asker. No worker runs: the writer publishes in its place. */
async function askAndOpenSockets(
  { database, api, clients }: Setup,
  replyCount: number,
  rooms: number,
): Promise<RepliesToWrite> {
  const askers = database.users.slice(0, replyCount)
  const eventIds = await database.createRooms(rooms)
  const { createRequest, pairs } = createQuestions(askers, eventIds)
  // The first pairs are those of the questions that are sent: one for each asker.
  const subscriptions = pairs.slice(0, replyCount).map(({ event_id, token }) => ({ room: event_id, token }))
  await sendAll({ url: api.url, createRequest }, replyCount)
  await clients.run({ type: 'open', group: 'ours', dialect: 'ours', url: api.url, subscriptions, maxConcurrent: 100 })
  const [rows] = await database.pool.query<Array<RepliesToWrite[number] & RowDataPacket>>(
    'SELECT message_id, event_id FROM messages WHERE due_at IS NOT NULL AND event_id IN (?)',
    [eventIds],
  )
  return rows.map(({ message_id, event_id }) => ({ message_id, event_id }))
}

async function measureWrite({ stack, api, writer, clients }: Setup, request: WriteRequest): Promise<StreamStats> {
  await clients.run({ type: 'startCounting', isStamped: true })
  const readUsage = watchCpu({ writer: writer.pid, redis: stack.redis.pid, api: api.pid })
  const writerResult = new Promise<{ pieces: number }>((resolve) => writer.child.once('message', resolve))
  writer.child.send(request)
  const { pieces } = await writerResult
  const received = await waitForPieces(clients, pieces)
  const { cpuUs } = readUsage()
  const cpu = { writer: cpuUs.writer / pieces, redis: cpuUs.redis / pieces, api: cpuUs.api / pieces }
  return {
    arrived: received.deliveries / pieces,
    cpu,
    us: cpu.writer + cpu.redis + cpu.api,
    p50_ms: received.p50Ms,
    p99_ms: received.p99Ms,
  }
}

/**
 * Waits until all pieces have arrived, or until none has arrived for SETTLE_MS. Without this wait, the next measurement
 * would count late pieces of this one.
 */
async function waitForPieces(clients: SocketClients, pieces: number): Promise<Required<ClientResponse>> {
  let lastChange = { deliveries: -1, atMs: 0 }
  return waitUntil('the last pieces', async () => {
    const response = await clients.run({ type: 'readDeliveries' })
    const nowMs = performance.now()
    if (response.deliveries !== lastChange.deliveries) lastChange = { deliveries: response.deliveries, atMs: nowMs }
    const isComplete = response.deliveries >= pieces
    const hasSettled = nowMs - lastChange.atMs > SETTLE_MS
    return isComplete || hasSettled ? response : undefined
  })
}

function toTable(replies: number, piecesPerSecond: number, results: Record<PublishMode, StreamStats[]>): Table {
  return {
    title: `streaming, ${formatNumber(replies)} replies at ${piecesPerSecond} pieces a second each`,
    head: ['', 'µs per piece', 'writer / Redis / node', 'p50 ms', 'p99 ms', 'arrived one by one'],
    rows: PUBLISH_MODES.map((mode) => {
      const format = (pick: (stats: StreamStats) => number) => formatNumber(median(results[mode].map(pick)))
      const cpus = [format(({ cpu }) => cpu.writer), format(({ cpu }) => cpu.redis), format(({ cpu }) => cpu.api)]
      const delays = [format(({ p50_ms }) => p50_ms), format(({ p99_ms }) => p99_ms)]
      return [
        LABELS[mode],
        format(({ us }) => us),
        cpus.join(' / '),
        ...delays,
        `${format((stats) => stats.arrived * 100)}%`,
      ]
    }),
    notes: [
      'When a node is too slow for single pieces, the socket gets them together in a snapshot.',
      'Engineer Chat also keeps the text in Redis for sockets that subscribe later; a PUBLISH for each piece does not.',
    ],
  }
}

const createGoal = (replies: number, coalesced: StreamStats[]): Goal =>
  createMaximumGoal(
    `${formatNumber(replies)} replies, CPU per piece`,
    8,
    'µs',
    toRoundStats(coalesced.map(({ us }) => us)),
  )
