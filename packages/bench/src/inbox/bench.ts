import { setTimeout as sleep } from 'node:timers/promises'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import { storePosts } from '../database/store-posts.ts'
import { createContenders, type SocketServer } from '../fanout/contenders.ts'
import type { IdleMachine } from '../measure/idle-machine.ts'
import { watchCpu } from '../measure/processes.ts'
import { median, toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber, formatStats } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { readMachineClockMs } from '../socket-clients/commands.ts'
import { type SocketClients, startSocketClients } from '../socket-clients/start-socket-clients.ts'

const CONTENDERS = ['inbox', 'nobody', 'ws'] as const
type Contender = (typeof CONTENDERS)[number]

const LABELS: Record<Contender, string> = {
  inbox: 'Engineer Chat, each with counts of their own',
  nobody: 'Engineer Chat, nobody is connected',
  ws: 'raw ws, one prepared frame a second for all',
}

/** Posts are stored in batches of this many milliseconds. */
const BATCH_MS = 100

interface Bench {
  servers: { ours: SocketServer; ws: SocketServer }
  clients: SocketClients
  mysqlPid: number
  database: BulkDatabase
  rooms: string[]
  scale: Scale['inbox']
}

interface LoadStats {
  /** Are the milliseconds of processor time that a second of the load needs. */
  node_ms: number
  mysql_ms: number
  /** Counts the frames that a connection gets in a second. */
  frames: number
}

/** Measures what it costs to tell everybody once a second how much is unread in each of their events. */
export async function benchInbox({ rounds, inbox: scale }: Scale, machine: IdleMachine): Promise<BenchReport> {
  const stack = await startStack()
  const contenders = await createContenders(stack)
  const clients = await startSocketClients()
  try {
    const servers = { ours: await contenders.start('ours'), ws: await contenders.start('ws') }
    const database = await openBulkDatabase(stack.mysql.url, scale.people)
    const rooms = await database.createRooms(scale.rooms)
    const bench: Bench = { servers, clients, mysqlPid: stack.mysql.pid, database, rooms, scale }
    await measureAlternately(machine, CONTENDERS, 1, (name) => measureLoad(bench, name)) // The first run only warms up.
    const results = await measureAlternately(machine, CONTENDERS, rounds, (name) => measureLoad(bench, name))
    const delays = await measureAlternately(machine, ['inbox'], rounds, () => measureDelay(bench))
    await database.close()
    return toReport(scale, results, delays.inbox)
  } finally {
    await clients.process.kill()
    await contenders.close()
    await stack.stop()
  }
}

async function measureLoad(bench: Bench, name: Contender): Promise<LoadStats> {
  const { servers, clients, mysqlPid, scale } = bench
  const server = name === 'ws' ? servers.ws : servers.ours
  const connections = name === 'nobody' ? 0 : scale.people
  await openSockets(bench, name)
  await clients.run({ type: 'startCounting', isStamped: false })
  const readUsage = watchCpu({ node: server.process.pid, mysql: mysqlPid })
  await (name === 'ws' ? publishEachSecond(bench) : storeEvenly(bench))
  const { cpuUs } = readUsage()
  const { deliveries } = await clients.run({ type: 'readDeliveries' })
  await clients.run({ type: 'close', group: name })
  return {
    node_ms: cpuUs.node / 1_000 / scale.seconds,
    mysql_ms: cpuUs.mysql / 1_000 / scale.seconds,
    frames: connections === 0 ? 0 : deliveries / connections / scale.seconds,
  }
}

/** Measures the time until everybody knows of a post in a quiet room. */
async function measureDelay(bench: Bench): Promise<{ p50_ms: number; p99_ms: number }> {
  const { servers, clients, database, rooms, scale } = bench
  await openSockets(bench, 'inbox')
  await clients.run({ type: 'startCounting', isStamped: false })
  const changes = await storePosts(database, rooms.slice(0, 1), 1)
  const publishedAtMs = readMachineClockMs()
  servers.ours.publish(changes)
  const { p50Ms, p99Ms } = await clients.run({ type: 'waitForDeliveries', deliveries: scale.people, publishedAtMs })
  await clients.run({ type: 'close', group: 'inbox' })
  return { p50_ms: p50Ms, p99_ms: p99Ms }
}

async function openSockets({ servers, clients, database, rooms, scale }: Bench, name: Contender): Promise<void> {
  if (name === 'nobody') return
  const [room = ''] = rooms
  await clients.run({
    type: 'open',
    group: name,
    dialect: name,
    url: (name === 'ws' ? servers.ws : servers.ours).process.url,
    subscriptions: database.users.slice(0, scale.people).map(({ token }) => ({ room, token })),
    maxConcurrent: 100,
  })
}

/** Stores the posts of the load at an even pace, in all rooms by turns, and publishes them. */
async function storeEvenly({ servers, database, rooms, scale }: Bench): Promise<void> {
  const postsPerBatch = (scale.postsPerSecond * BATCH_MS) / 1_000
  const startedAtMs = performance.now()
  for (let batch = 0; batch * BATCH_MS < scale.seconds * 1_000; batch += 1) {
    await sleep(Math.max(0, startedAtMs + batch * BATCH_MS - performance.now()))
    const first = (batch * postsPerBatch) % rooms.length
    servers.ours.publish(await storePosts(database, rooms.slice(first, first + postsPerBatch), 1))
  }
  await sleep(Math.max(0, startedAtMs + scale.seconds * 1_000 - performance.now()))
}

async function publishEachSecond({ servers, database, rooms, scale }: Bench): Promise<void> {
  const changes = await storePosts(database, rooms.slice(0, 1), 1)
  for (let second = 0; second < scale.seconds; second += 1) {
    servers.ws.publish(changes)
    await sleep(1_000)
  }
}

function toReport(
  { people, rooms, postsPerSecond }: Scale['inbox'],
  results: Record<Contender, LoadStats[]>,
  delays: Array<{ p50_ms: number; p99_ms: number }>,
): BenchReport {
  const listNodeMs = (name: Contender) => results[name].map(({ node_ms }) => node_ms)
  const frames = results.inbox.map((stats) => stats.frames)
  const rows = CONTENDERS.map((name) => [
    LABELS[name],
    formatStats(toRoundStats(listNodeMs(name))),
    formatNumber(median(results[name].map(({ mysql_ms }) => mysql_ms))),
    formatNumber(median(results[name].map((stats) => stats.frames))),
    formatStats(toRatioStats(listNodeMs(name), listNodeMs('ws'))),
  ])
  return {
    bench: 'inbox',
    tables: [
      {
        title: `${people} people, ${rooms} rooms, ${postsPerSecond} posts a second`,
        head: ['', 'ms of the node a second', 'ms of MySQL a second', 'frames a second each', '× raw ws'],
        rows,
        notes: ['MySQL also stores the posts, which it does without people, too.'],
      },
      {
        title: `a post in a quiet room, until all ${people} people know`,
        head: ['', 'p50 ms', 'p99 ms'],
        rows: [
          [
            LABELS.inbox,
            formatNumber(median(delays.map(({ p50_ms }) => p50_ms))),
            formatNumber(median(delays.map(({ p99_ms }) => p99_ms))),
          ],
        ],
      },
    ],
    goals: [
      createMaximumGoal('frames a second for each connection', 1.2, '', toRoundStats(frames)),
      createMaximumGoal('processor of the node, a second', 200, 'ms', toRoundStats(listNodeMs('inbox'))),
      createMaximumGoal('all know of a post, p99', 1_500, 'ms', toRoundStats(delays.map(({ p99_ms }) => p99_ms))),
    ],
    data: { results, delays },
  }
}
