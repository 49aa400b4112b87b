import { setTimeout as sleep } from 'node:timers/promises'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import { storePosts } from '../database/store-posts.ts'
import { createSocketContenders, type SocketServer } from '../fanout/contenders.ts'
import type { Measurer } from '../measure/measurer.ts'
import { watchCpu } from '../measure/processes.ts'
import { median, toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber, formatStats } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { readMachineClockMs } from '../socket-clients/requests.ts'
import { type SocketClients, startSocketClients } from '../socket-clients/start-socket-clients.ts'

const INBOX_CONTENDERS = ['inbox', 'nobody', 'ws'] as const
type InboxContender = (typeof INBOX_CONTENDERS)[number]

const LABELS: Record<InboxContender, string> = {
  inbox: 'Engineer Chat, each user gets their own counts',
  nobody: 'Engineer Chat, nobody is connected',
  ws: 'raw ws, one prepared frame a second for all',
}

/** A batch of posts is stored at this interval. */
const BATCH_INTERVAL_MS = 100

interface Setup {
  servers: { ours: SocketServer; ws: SocketServer }
  clients: SocketClients
  mysqlPid: number
  database: BulkDatabase
  rooms: string[]
  scale: Scale['inbox']
}

interface InboxStats {
  /** Gives the node's processor time for one second of the load. */
  node_ms: number
  /** Gives MySQL's processor time for one second of the load. */
  mysql_ms: number
  /** Gives the number of frames that a connection receives per second. */
  frames: number
}

/** Measures the processor time for sending each connected user, once a second, the unread counts of their events. */
export async function benchInbox({ rounds, inbox: scale }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  const contenders = await createSocketContenders(stack)
  const clients = await startSocketClients()
  try {
    const servers = { ours: await contenders.start('ours'), ws: await contenders.start('ws') }
    const database = await openBulkDatabase(stack.mysql.url, scale.people)
    const rooms = await database.createRooms(scale.rooms)
    const setup: Setup = { servers, clients, mysqlPid: stack.mysql.pid, database, rooms, scale }
    // The first run only warms up.
    await measureAlternately(measurer, INBOX_CONTENDERS, 1, (name) => measureLoad(setup, name))
    const results = await measureAlternately(measurer, INBOX_CONTENDERS, rounds, (name) => measureLoad(setup, name))
    const delays = await measureAlternately(measurer, ['inbox'], rounds, () => measureDelay(setup))
    await database.close()
    return toReport(scale, results, delays.inbox)
  } finally {
    await clients.process.kill()
    await contenders.close()
    await stack.stop()
  }
}

async function measureLoad(setup: Setup, name: InboxContender): Promise<InboxStats> {
  const { servers, clients, mysqlPid, scale } = setup
  const server = name === 'ws' ? servers.ws : servers.ours
  const connections = name === 'nobody' ? 0 : scale.people
  await openSockets(setup, name)
  await clients.run({ type: 'startCounting', isStamped: false })
  const readUsage = watchCpu({ node: server.process.pid, mysql: mysqlPid })
  await (name === 'ws' ? publishEachSecond(setup) : publishEvenly(setup))
  const { cpuUs } = readUsage()
  const { deliveries } = await clients.run({ type: 'readDeliveries' })
  await clients.run({ type: 'close', group: name })
  return {
    node_ms: cpuUs.node / 1_000 / scale.seconds,
    mysql_ms: cpuUs.mysql / 1_000 / scale.seconds,
    frames: connections === 0 ? 0 : deliveries / connections / scale.seconds,
  }
}

/** Measures the times until the connected users have received the counts after a single post, without other posts. */
async function measureDelay(setup: Setup): Promise<{ p50_ms: number; p99_ms: number }> {
  const { servers, clients, database, rooms, scale } = setup
  await openSockets(setup, 'inbox')
  await clients.run({ type: 'startCounting', isStamped: false })
  const changes = await storePosts(database, rooms.slice(0, 1), 1)
  const publishedAtMs = readMachineClockMs()
  servers.ours.publish(changes)
  const { p50Ms, p99Ms } = await clients.run({ type: 'waitForDeliveries', deliveries: scale.people, publishedAtMs })
  await clients.run({ type: 'close', group: 'inbox' })
  return { p50_ms: p50Ms, p99_ms: p99Ms }
}

async function openSockets({ servers, clients, database, rooms, scale }: Setup, name: InboxContender): Promise<void> {
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

/**
 * Stores and publishes the posts of the load at a constant rate, in batches. Each post of a batch is in a different
 * room.
 */
async function publishEvenly({ servers, database, rooms, scale }: Setup): Promise<void> {
  const postsPerBatch = (scale.postsPerSecond * BATCH_INTERVAL_MS) / 1_000
  const startedAtMs = performance.now()
  for (let batch = 0; batch * BATCH_INTERVAL_MS < scale.seconds * 1_000; batch += 1) {
    await sleep(Math.max(0, startedAtMs + batch * BATCH_INTERVAL_MS - performance.now()))
    const firstRoom = (batch * postsPerBatch) % rooms.length
    servers.ours.publish(await storePosts(database, rooms.slice(firstRoom, firstRoom + postsPerBatch), 1))
  }
  await sleep(Math.max(0, startedAtMs + scale.seconds * 1_000 - performance.now()))
}

/** Stores one post, and publishes it to the raw WebSocket server once a second. */
async function publishEachSecond({ servers, database, rooms, scale }: Setup): Promise<void> {
  const changes = await storePosts(database, rooms.slice(0, 1), 1)
  for (let second = 0; second < scale.seconds; second += 1) {
    servers.ws.publish(changes)
    await sleep(1_000)
  }
}

function toReport(
  { people, rooms, postsPerSecond }: Scale['inbox'],
  results: Record<InboxContender, InboxStats[]>,
  delays: Array<{ p50_ms: number; p99_ms: number }>,
): BenchReport {
  const listNodeMs = (name: InboxContender) => results[name].map(({ node_ms }) => node_ms)
  const frames = results.inbox.map((stats) => stats.frames)
  const rows = INBOX_CONTENDERS.map((name) => [
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
        notes: ['MySQL’s time includes storing the posts, also when nobody is connected.'],
      },
      {
        title: `from a single post until all ${people} people have the new counts`,
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
      createMaximumGoal(
        'from a post until all have the new counts, p99',
        1_500,
        'ms',
        toRoundStats(delays.map(({ p99_ms }) => p99_ms)),
      ),
    ],
    data: { results, delays },
  }
}
