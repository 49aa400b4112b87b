import { setTimeout as sleep } from 'node:timers/promises'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import type { Measurer } from '../measure/measurer.ts'
import { readResidentBytes } from '../measure/processes.ts'
import { median, toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { startStack } from '../processes/stack.ts'
import {
  type BenchReport,
  createMaximumGoal,
  createMinimumGoal,
  formatNumber,
  formatStats,
  type Goal,
  type Table,
} from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { type SocketClients, startSocketClients } from '../socket-clients/start-socket-clients.ts'
import {
  createSocketContenders,
  SOCKET_CONTENDERS,
  type SocketContender,
  type SocketContenders,
  type SocketServer,
} from './contenders.ts'
import { type DeliveryStats, listSubscriptions, measureDeliveries, openSockets, type RoomLoad } from './measure.ts'

type Servers = Record<SocketContender, SocketServer>
type Results = Record<SocketContender, DeliveryStats[]>

const LABELS: Record<SocketContender, string> = {
  ours: 'Engineer Chat',
  ws: 'raw ws, a prepared frame, no rights',
  'socket.io': 'socket.io with its Redis adapter',
}

interface Measurement {
  rooms: number
  sockets: number
  messages: number
  results: Results
}

interface IdleSockets {
  /** Holds one value: the memory of a connection, in KiB. It is a list, because `toRoundStats` takes one. */
  kib: number[]
  /** Holds, for each reconnect of all sockets at once, the time until all of them are open again. */
  storm_ms: number[]
}

/** Measures deliveries to many sockets, the memory of idle sockets, and the time until all sockets have reconnected. */
export async function benchFanout({ rounds, fanout }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  const contenders = await createSocketContenders(stack)
  const clients = await startSocketClients()
  try {
    const servers: Servers = {
      ours: await contenders.start('ours'),
      ws: await contenders.start('ws'),
      'socket.io': await contenders.start('socket.io'),
    }
    const database = await openBulkDatabase(
      stack.mysql.url,
      Math.max(...fanout.roomLoads.map(({ rooms, sockets }) => rooms * sockets)),
    )
    const measurements: Measurement[] = []
    for (const { rooms, sockets } of fanout.roomLoads) {
      // The posts of every contender are stored in MySQL. In shared rooms, the product's node would find and deliver
      // those of the others, too.
      const createRoomLoad = async (): Promise<RoomLoad> => ({ rooms: await database.createRooms(rooms), sockets })
      const roomLoads = {
        ours: await createRoomLoad(),
        ws: await createRoomLoad(),
        'socket.io': await createRoomLoad(),
      }
      for (const name of SOCKET_CONTENDERS)
        await openSockets(clients, name, servers[name], listSubscriptions(roomLoads[name], database))
      for (const messages of rooms === 1 ? [1, fanout.burstMessages] : [1]) {
        const bursts = Math.max(2, Math.ceil(fanout.deliveries / (rooms * sockets * messages)))
        const measure = (name: SocketContender, burstCount: number) =>
          measureDeliveries({ clients, database, redisPid: stack.redis.pid }, servers[name], roomLoads[name], {
            bursts: burstCount,
            messages,
          })
        // The first run only warms up.
        await measureAlternately(measurer, SOCKET_CONTENDERS, 1, (name) => measure(name, Math.ceil(bursts / 4)))
        measurements.push({
          rooms,
          sockets,
          messages,
          results: await measureAlternately(measurer, SOCKET_CONTENDERS, rounds, (name) => measure(name, bursts)),
        })
      }
      for (const name of SOCKET_CONTENDERS) await clients.run({ type: 'close', group: name })
    }
    const idleSockets = await benchIdleSockets(measurer, contenders, clients, database, fanout)
    await database.close()
    return {
      bench: 'fanout',
      tables: [...measurements.map(toTable), toIdleTable(idleSockets, fanout.idle)],
      goals: listGoals(measurements, idleSockets),
      data: { cells: measurements, held: idleSockets },
    }
  } finally {
    await clients.process.kill()
    await contenders.close()
    await stack.stop()
  }
}

/** Measures the memory of an idle connection without garbage, and the time until all dropped sockets are open again. */
async function benchIdleSockets(
  measurer: Measurer,
  contenders: SocketContenders,
  clients: SocketClients,
  database: BulkDatabase,
  { idle }: Scale['fanout'],
): Promise<Record<SocketContender, IdleSockets>> {
  const roomLoad: RoomLoad = { rooms: await database.createRooms(idle.rooms), sockets: idle.sockets }
  return measureOneRound(measurer, async (name) => {
    const server = await contenders.start(name)
    const readSettledBytes = async () => {
      await sleep(idle.settleMs)
      await server.process.collectGarbage()
      await sleep(idle.settleMs)
      return readResidentBytes(server.process.pid)
    }
    // Only a few sockets warm the server up, because closed sockets free memory that the measured ones would reuse.
    const warmUpLoad = { rooms: roomLoad.rooms.slice(0, 1), sockets: Math.min(100, idle.sockets) }
    await openSockets(clients, name, server, listSubscriptions(warmUpLoad, database))
    await clients.run({ type: 'close', group: name })
    const bytesBefore = await readSettledBytes()
    await openSockets(clients, name, server, listSubscriptions(roomLoad, database))
    const kib = ((await readSettledBytes()) - bytesBefore) / 1_024 / (idle.rooms * idle.sockets)
    // A client that reconnects sends the last sequence number that it has. These rooms have no messages, so it is 0.
    const lastSeq = 0
    const storm_ms: number[] = []
    for (let reconnect = 0; reconnect < idle.reconnects; reconnect++) {
      await clients.run({ type: 'close', group: name })
      const reopened = await openSockets(clients, name, server, listSubscriptions(roomLoad, database, lastSeq), {
        maxConcurrent: idle.rooms * idle.sockets,
      })
      storm_ms.push(reopened.elapsedMs)
    }
    await clients.run({ type: 'close', group: name })
    await server.process.kill()
    return { kib: [kib], storm_ms }
  })
}

async function measureOneRound(
  measurer: Measurer,
  measure: (name: SocketContender) => Promise<IdleSockets>,
): Promise<Record<SocketContender, IdleSockets>> {
  const idleSockets = await measureAlternately(measurer, SOCKET_CONTENDERS, 1, measure)
  const empty: IdleSockets = { kib: [], storm_ms: [] }
  return {
    ours: idleSockets.ours[0] ?? empty,
    ws: idleSockets.ws[0] ?? empty,
    'socket.io': idleSockets['socket.io'][0] ?? empty,
  }
}

function toTable({ rooms, sockets, messages, results }: Measurement): Table {
  const rows = SOCKET_CONTENDERS.map((name) => {
    const formatMedian = (pick: (stats: DeliveryStats) => number) => formatNumber(median(results[name].map(pick)))
    const ratio = formatStats(toRatioStats(listRates(results[name]), listRates(results['socket.io'])))
    return [
      LABELS[name],
      formatMedian(({ per_second }) => per_second),
      formatMedian(({ us }) => us),
      formatMedian(({ p50_ms }) => p50_ms),
      formatMedian(({ p99_ms }) => p99_ms),
      ratio,
    ]
  })
  const size =
    rooms === 1 ? `one room of ${formatNumber(sockets)}` : `${formatNumber(rooms)} rooms of ${formatNumber(sockets)}`
  const pace = messages === 1 ? 'one message at a time' : `${messages} messages in a tick`
  return {
    title: `fan-out, ${size}, ${pace}`,
    head: ['', 'deliveries/s', 'µs of the server per delivery', 'p50 ms', 'p99 ms', '× socket.io'],
    rows,
  }
}

function toIdleTable(
  idleSockets: Record<SocketContender, IdleSockets>,
  { rooms, sockets }: Scale['fanout']['idle'],
): Table {
  const rows = SOCKET_CONTENDERS.map((name) => [
    LABELS[name],
    formatNumber(median(idleSockets[name].kib)),
    formatStats(toRoundStats(idleSockets[name].storm_ms)),
  ])
  return {
    title: `${formatNumber(rooms * sockets)} idle connections, and the reconnect of all of them at once`,
    head: ['', 'KiB each', 'all are open again, ms'],
    rows,
  }
}

const listRates = (stats: DeliveryStats[]): number[] => stats.map(({ per_second }) => per_second)

function listGoals(measurements: Measurement[], idleSockets: Record<SocketContender, IdleSockets>): Goal[] {
  const goals = measurements.flatMap(({ rooms, sockets, messages, results }) => {
    const size =
      rooms === 1 ? `room of ${formatNumber(sockets)}` : `${formatNumber(rooms)} rooms of ${formatNumber(sockets)}`
    const compareRates = (other: SocketContender) => toRatioStats(listRates(results.ours), listRates(results[other]))
    if (messages > 1)
      return [createMinimumGoal(`${size}, ${messages} in a tick, × socket.io`, 4.5, compareRates('socket.io'))]
    return [
      createMinimumGoal(`${size}, one at a time, × raw ws`, 0.95, compareRates('ws')),
      createMinimumGoal(`${size}, one at a time, × socket.io`, 1.7, compareRates('socket.io')),
    ]
  })
  return [...goals, createMaximumGoal('memory of a connection', 14, 'KiB', toRoundStats(idleSockets.ours.kib))]
}
