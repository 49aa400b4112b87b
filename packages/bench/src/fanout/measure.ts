import type { Crowd } from '../crowd/crowd.ts'
import type { DialectName } from '../crowd/dialects.ts'
import { machineNow } from '../crowd/protocol.ts'
import type { Seat } from '../crowd/socket.ts'
import { type Usage, watchCpu } from '../measure/processes.ts'
import { median } from '../measure/quantiles.ts'
import { post } from '../world/posts.ts'
import type { World } from '../world/world.ts'
import type { SocketServer } from './contest.ts'

export interface DeliveryStats {
  per_second: number
  /** Is the server's processor time per delivery. */
  us: number
  p50_ms: number
  p99_ms: number
}

const SOCKETS_AT_ONCE = 200

export interface RoomLoad {
  rooms: string[]
  /** Counts the sockets of each room. */
  sockets: number
}

export function listSeats({ rooms, sockets }: RoomLoad, world: World, last_seq?: number): Seat[] {
  return rooms.flatMap((room, index) =>
    Array.from({ length: sockets }, (_, seat) => {
      const asker = world.askers[(index * sockets + seat) % world.askers.length]
      return { room, token: asker?.token ?? '', ...(last_seq !== undefined && { last_seq }) }
    }),
  )
}

export const openSeats = (
  crowd: Crowd,
  name: DialectName,
  server: SocketServer,
  seats: Seat[],
  at_once = SOCKETS_AT_ONCE,
) => crowd.ask({ type: 'open', group: name, dialect: name, url: server.process.url, seats, at_once })

/** Publishes `messages` messages to each room at once, `bursts` times; each burst waits until every socket has all. */
export async function deliver(
  { crowd, world, redis_pid }: { crowd: Crowd; world: World; redis_pid: number },
  server: SocketServer,
  load: RoomLoad,
  { bursts, messages }: { bursts: number; messages: number },
): Promise<DeliveryStats> {
  const deliveriesPerBurst = load.rooms.length * load.sockets * messages
  const answers: Array<{ elapsed_ms: number; p50_ms: number; p99_ms: number }> = []
  const used: Usage<'node' | 'redis'>[] = []
  for (let burst = 0; burst < bursts; burst++) {
    // The crowd counts from before the posts, because a node may find them in MySQL before they are published.
    await crowd.ask({ type: 'listen', stamped: false })
    const changes = await post(world, load.rooms, messages)
    const usage = watchCpu({ node: server.process.pid, redis: redis_pid })
    const published_at = machineNow()
    server.publish(changes)
    answers.push(await crowd.ask({ type: 'heard', deliveries: deliveriesPerBurst, published_at }))
    used.push(usage())
  }
  const total_ms = answers.reduce((sum, { elapsed_ms }) => sum + elapsed_ms, 0)
  return {
    per_second: (deliveriesPerBurst * bursts * 1_000) / total_ms,
    us: used.reduce((sum, { cpu }) => sum + cpu.node, 0) / (deliveriesPerBurst * bursts),
    p50_ms: median(answers.map((one) => one.p50_ms)),
    p99_ms: Math.max(...answers.map((one) => one.p99_ms)),
  }
}
