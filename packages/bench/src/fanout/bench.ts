import { setTimeout as sleep } from 'node:timers/promises'
import { type Crowd, startCrowd } from '../crowd/crowd.ts'
import type { DialectName } from '../crowd/dialects.ts'
import { readResidentBytes } from '../measure/processes.ts'
import { median, toRatio, toSpread } from '../measure/quantiles.ts'
import type { QuietMachine } from '../measure/quiet-machine.ts'
import { alternate } from '../measure/rounds.ts'
import { startStack } from '../processes/stack.ts'
import { atLeast, atMost, type Goal, number, type Report, spread, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { createWorld, type World } from '../world/world.ts'
import { CONTENDERS, type Contenders, createContenders, type SocketServer } from './contest.ts'
import { type Delivered, deliver, listSeats, openSeats, type RoomLoad } from './measure.ts'

type Servers = Record<DialectName, SocketServer>
type Results = Record<DialectName, Delivered[]>

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

interface Held {
  kib: number[]
  storm_ms: number[]
}

/** Measures deliveries to many sockets, the memory that they hold, and the time until all have reconnected. */
export async function benchFanout({ rounds, fanout }: Scale, machine: QuietMachine): Promise<Report> {
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
      Math.max(...fanout.halls.map(({ rooms, sockets }) => rooms * sockets)),
    )
    const cells: Cell[] = []
    for (const { rooms, sockets } of fanout.halls) {
      // Each contender has rooms of its own, because our node reads new posts in its rooms from MySQL by itself.
      const open = async (): Promise<RoomLoad> => ({ rooms: await world.openRooms(rooms), sockets })
      const halls = { ours: await open(), ws: await open(), 'socket.io': await open() }
      for (const name of CONTENDERS) await openSeats(crowd, name, servers[name], listSeats(halls[name], world))
      for (const messages of rooms === 1 ? [1, fanout.together] : [1]) {
        const bursts = Math.max(2, Math.ceil(fanout.deliveries / (rooms * sockets * messages)))
        const measure = (name: DialectName, count: number) =>
          deliver({ crowd, world, redis_pid: stack.redis.pid }, servers[name], halls[name], { bursts: count, messages })
        await alternate(machine, CONTENDERS, 1, (name) => measure(name, Math.ceil(bursts / 4))) // The first run only warms up.
        cells.push({
          rooms,
          sockets,
          messages,
          results: await alternate(machine, CONTENDERS, rounds, (name) => measure(name, bursts)),
        })
      }
      for (const name of CONTENDERS) await crowd.ask({ type: 'close', group: name })
    }
    const held = await benchHolding(machine, contenders, crowd, world, fanout)
    return {
      bench: 'fanout',
      tables: [...cells.map(toTable), toHeldTable(held, fanout.held)],
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
async function benchHolding(
  machine: QuietMachine,
  contenders: Contenders,
  crowd: Crowd,
  world: World,
  { held }: Scale['fanout'],
): Promise<Record<DialectName, Held>> {
  const hall: RoomLoad = { rooms: await world.openRooms(held.rooms), sockets: held.sockets }
  return alternateOnce(machine, async (name) => {
    const server = await contenders.start(name)
    const rest = async () => {
      await sleep(held.settle_ms)
      await server.process.collect()
      await sleep(held.settle_ms)
      return readResidentBytes(server.process.pid)
    }
    const few = { rooms: hall.rooms.slice(0, 1), sockets: Math.min(100, held.sockets) }
    // Only a few connect at first, because memory that many sockets have freed would serve the next ones.
    await openSeats(crowd, name, server, listSeats(few, world))
    await crowd.ask({ type: 'close', group: name })
    const before = await rest()
    await openSeats(crowd, name, server, listSeats(hall, world))
    const kib = ((await rest()) - before) / 1_024 / (held.rooms * held.sockets)
    const storm_ms: number[] = []
    for (let storm = 0; storm < held.storms; storm++) {
      await crowd.ask({ type: 'close', group: name })
      const back = await openSeats(crowd, name, server, listSeats(hall, world, 0), held.rooms * held.sockets)
      storm_ms.push(back.elapsed_ms)
    }
    await crowd.ask({ type: 'close', group: name })
    await server.process.kill()
    return { kib: [kib], storm_ms }
  })
}

async function alternateOnce(
  machine: QuietMachine,
  measure: (name: DialectName) => Promise<Held>,
): Promise<Record<DialectName, Held>> {
  const held = await alternate(machine, CONTENDERS, 1, measure)
  const none: Held = { kib: [], storm_ms: [] }
  return { ours: held.ours[0] ?? none, ws: held.ws[0] ?? none, 'socket.io': held['socket.io'][0] ?? none }
}

function toTable({ rooms, sockets, messages, results }: Cell): Table {
  const rows = CONTENDERS.map((name) => {
    const of = (pick: (one: Delivered) => number) => number(median(results[name].map(pick)))
    const ratio = spread(toRatio(rates(results[name]), rates(results['socket.io'])))
    return [
      LABELS[name],
      of((one) => one.per_second),
      of((one) => one.us),
      of((one) => one.p50_ms),
      of((one) => one.p99_ms),
      ratio,
    ]
  })
  const hall = rooms === 1 ? `one room of ${number(sockets)}` : `${number(rooms)} rooms of ${number(sockets)}`
  const pace = messages === 1 ? 'one message at a time' : `${messages} messages in a tick`
  return {
    title: `fan-out, ${hall}, ${pace}`,
    head: ['', 'deliveries/s', 'µs of the server each', 'p50 ms', 'p99 ms', '× socket.io'],
    rows,
  }
}

function toHeldTable(held: Record<DialectName, Held>, { rooms, sockets }: Scale['fanout']['held']): Table {
  const rows = CONTENDERS.map((name) => [
    LABELS[name],
    number(median(held[name].kib)),
    spread(toSpread(held[name].storm_ms)),
  ])
  return {
    title: `${number(rooms * sockets)} idle connections, and all of them coming back at once`,
    head: ['', 'KiB each', 'all are back, ms'],
    rows,
  }
}

const rates = (delivered: Delivered[]): number[] => delivered.map((one) => one.per_second)

function listGoals(cells: Cell[], held: Record<DialectName, Held>): Goal[] {
  const goals = cells.flatMap(({ rooms, sockets, messages, results }) => {
    const where = rooms === 1 ? `room of ${number(sockets)}` : `${number(rooms)} rooms of ${number(sockets)}`
    const against = (other: DialectName) => toRatio(rates(results.ours), rates(results[other]))
    if (messages > 1) return [atLeast(`${where}, ${messages} in a tick, × socket.io`, 4.5, against('socket.io'))]
    return [
      atLeast(`${where}, one at a time, × raw ws`, 0.95, against('ws')),
      atLeast(`${where}, one at a time, × socket.io`, 1.7, against('socket.io')),
    ]
  })
  const kib = toSpread(held.ours.kib)
  return [
    ...goals,
    atMost('memory of a connection', 11, 'KiB', kib),
    atMost('memory of a connection, × socket.io', 0.4, '', toRatio(held.ours.kib, held['socket.io'].kib)),
  ]
}
