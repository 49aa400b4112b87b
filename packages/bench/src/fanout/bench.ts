import { setTimeout as sleep } from 'node:timers/promises'
import { type Crowd, startCrowd } from '../crowd/crowd.ts'
import type { DialectName } from '../crowd/dialects.ts'
import type { IdleMachine } from '../measure/idle-machine.ts'
import { readResidentBytes } from '../measure/processes.ts'
import { median, toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { startStack } from '../processes/stack.ts'
import {
  createMaximumGoal,
  createMinimumGoal,
  formatNumber,
  formatStats,
  type Goal,
  type Report,
  type Table,
} from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { createWorld, type World } from '../world/world.ts'
import { CONTENDERS, type Contenders, createContenders, type SocketServer } from './contest.ts'
import { type DeliveryStats, deliver, listSeats, openSeats, type RoomLoad } from './measure.ts'

type Servers = Record<DialectName, SocketServer>
type Results = Record<DialectName, DeliveryStats[]>

const LABELS: Record<DialectName, string> = {
  ours: 'Engineer Chat',
  ws: 'raw ws, a prepared frame, no rights',
  'socket.io': 'socket.io with its Redis adapter',
}

interface Cell {
  rooms: number
  sockets: number
  messages: number
  results: Results
}

interface IdleSockets {
  kib: number[]
  storm_ms: number[]
}

/** Measures deliveries to many sockets, the memory that they hold, and the time until all have reconnected. */
export async function benchFanout({ rounds, fanout }: Scale, machine: IdleMachine): Promise<Report> {
  const stack = await startStack()
  const contenders = createContenders(stack)
  const crowd = await startCrowd()
  try {
    const servers: Servers = {
      ours: await contenders.start('ours'),
      ws: await contenders.start('ws'),
      'socket.io': await contenders.start('socket.io'),
    }
    const world = await createWorld(
      stack.mysql.url,
      Math.max(...fanout.roomLoads.map(({ rooms, sockets }) => rooms * sockets)),
    )
    const cells: Cell[] = []
    for (const { rooms, sockets } of fanout.roomLoads) {
      // Each contender has rooms of its own, because our node reads new posts in its rooms from MySQL by itself.
      const open = async (): Promise<RoomLoad> => ({ rooms: await world.openRooms(rooms), sockets })
      const roomLoads = { ours: await open(), ws: await open(), 'socket.io': await open() }
      for (const name of CONTENDERS) await openSeats(crowd, name, servers[name], listSeats(roomLoads[name], world))
      for (const messages of rooms === 1 ? [1, fanout.burstMessages] : [1]) {
        const bursts = Math.max(2, Math.ceil(fanout.deliveries / (rooms * sockets * messages)))
        const measure = (name: DialectName, count: number) =>
          deliver({ crowd, world, redis_pid: stack.redis.pid }, servers[name], roomLoads[name], {
            bursts: count,
            messages,
          })
        await measureAlternately(machine, CONTENDERS, 1, (name) => measure(name, Math.ceil(bursts / 4))) // The first run only warms up.
        cells.push({
          rooms,
          sockets,
          messages,
          results: await measureAlternately(machine, CONTENDERS, rounds, (name) => measure(name, bursts)),
        })
      }
      for (const name of CONTENDERS) await crowd.ask({ type: 'close', group: name })
    }
    const held = await benchIdleSockets(machine, contenders, crowd, world, fanout)
    return {
      bench: 'fanout',
      tables: [...cells.map(toTable), toIdleTable(held, fanout.idle)],
      goals: listGoals(cells, held),
      data: { cells, held },
    }
  } finally {
    await crowd.process.kill()
    await contenders.close()
    await stack.stop()
  }
}

/** Measures the memory of an idle connection without garbage, and the time until all dropped sockets are back. */
async function benchIdleSockets(
  machine: IdleMachine,
  contenders: Contenders,
  crowd: Crowd,
  world: World,
  { idle }: Scale['fanout'],
): Promise<Record<DialectName, IdleSockets>> {
  const roomLoad: RoomLoad = { rooms: await world.openRooms(idle.rooms), sockets: idle.sockets }
  return measureEachOnce(machine, async (name) => {
    const server = await contenders.start(name)
    const readSettledBytes = async () => {
      await sleep(idle.settle_ms)
      await server.process.collect()
      await sleep(idle.settle_ms)
      return readResidentBytes(server.process.pid)
    }
    const warmUpLoad = { rooms: roomLoad.rooms.slice(0, 1), sockets: Math.min(100, idle.sockets) }
    // Only a few connect at first, because memory that many sockets have freed would serve the next ones.
    await openSeats(crowd, name, server, listSeats(warmUpLoad, world))
    await crowd.ask({ type: 'close', group: name })
    const before = await readSettledBytes()
    await openSeats(crowd, name, server, listSeats(roomLoad, world))
    const kib = ((await readSettledBytes()) - before) / 1_024 / (idle.rooms * idle.sockets)
    const storm_ms: number[] = []
    for (let storm = 0; storm < idle.reconnects; storm++) {
      await crowd.ask({ type: 'close', group: name })
      const back = await openSeats(crowd, name, server, listSeats(roomLoad, world, 0), idle.rooms * idle.sockets)
      storm_ms.push(back.elapsed_ms)
    }
    await crowd.ask({ type: 'close', group: name })
    await server.process.kill()
    return { kib: [kib], storm_ms }
  })
}

async function measureEachOnce(
  machine: IdleMachine,
  measure: (name: DialectName) => Promise<IdleSockets>,
): Promise<Record<DialectName, IdleSockets>> {
  const held = await measureAlternately(machine, CONTENDERS, 1, measure)
  const empty: IdleSockets = { kib: [], storm_ms: [] }
  return { ours: held.ours[0] ?? empty, ws: held.ws[0] ?? empty, 'socket.io': held['socket.io'][0] ?? empty }
}

function toTable({ rooms, sockets, messages, results }: Cell): Table {
  const rows = CONTENDERS.map((name) => {
    const formatMedian = (pick: (one: DeliveryStats) => number) => formatNumber(median(results[name].map(pick)))
    const ratio = formatStats(toRatioStats(listRates(results[name]), listRates(results['socket.io'])))
    return [
      LABELS[name],
      formatMedian((one) => one.per_second),
      formatMedian((one) => one.us),
      formatMedian((one) => one.p50_ms),
      formatMedian((one) => one.p99_ms),
      ratio,
    ]
  })
  const size =
    rooms === 1 ? `one room of ${formatNumber(sockets)}` : `${formatNumber(rooms)} rooms of ${formatNumber(sockets)}`
  const pace = messages === 1 ? 'one message at a time' : `${messages} messages in a tick`
  return {
    title: `fan-out, ${size}, ${pace}`,
    head: ['', 'deliveries/s', 'µs of the server each', 'p50 ms', 'p99 ms', '× socket.io'],
    rows,
  }
}

function toIdleTable(held: Record<DialectName, IdleSockets>, { rooms, sockets }: Scale['fanout']['idle']): Table {
  const rows = CONTENDERS.map((name) => [
    LABELS[name],
    formatNumber(median(held[name].kib)),
    formatStats(toRoundStats(held[name].storm_ms)),
  ])
  return {
    title: `${formatNumber(rooms * sockets)} idle connections, and all of them coming back at once`,
    head: ['', 'KiB each', 'all are back, ms'],
    rows,
  }
}

const listRates = (delivered: DeliveryStats[]): number[] => delivered.map((one) => one.per_second)

function listGoals(cells: Cell[], held: Record<DialectName, IdleSockets>): Goal[] {
  const goals = cells.flatMap(({ rooms, sockets, messages, results }) => {
    const where =
      rooms === 1 ? `room of ${formatNumber(sockets)}` : `${formatNumber(rooms)} rooms of ${formatNumber(sockets)}`
    const against = (other: DialectName) => toRatioStats(listRates(results.ours), listRates(results[other]))
    if (messages > 1)
      return [createMinimumGoal(`${where}, ${messages} in a tick, × socket.io`, 4.5, against('socket.io'))]
    return [
      createMinimumGoal(`${where}, one at a time, × raw ws`, 0.95, against('ws')),
      createMinimumGoal(`${where}, one at a time, × socket.io`, 1.7, against('socket.io')),
    ]
  })
  const kib = toRoundStats(held.ours.kib)
  return [
    ...goals,
    createMaximumGoal('memory of a connection', 11, 'KiB', kib),
    createMaximumGoal(
      'memory of a connection, × socket.io',
      0.4,
      '',
      toRatioStats(held.ours.kib, held['socket.io'].kib),
    ),
  ]
}
