import type { BulkDatabase } from '../database/bulk-database.ts'
import { storePosts } from '../database/store-posts.ts'
import { type Usage, watchCpu } from '../measure/processes.ts'
import { median } from '../measure/quantiles.ts'
import type { Subscription } from '../socket-clients/client-socket.ts'
import { type ClientResponse, readMachineClockMs } from '../socket-clients/requests.ts'
import type { SocketClients } from '../socket-clients/start-socket-clients.ts'
import type { SocketContender, SocketServer } from './contenders.ts'

export interface DeliveryStats {
  per_second: number
  /** Gives the server's processor time per delivery, in µs. */
  us: number
  /** Gives the median of the bursts' medians. `p99_ms` gives the highest of their 99th percentiles. */
  p50_ms: number
  p99_ms: number
}

const MAX_CONCURRENT_HANDSHAKES = 200

export interface RoomLoad {
  rooms: string[]
  /** Counts the sockets in each room. */
  sockets: number
}

/** Lists a subscription for each socket of the load. The sockets belong to the users in turn. */
export function listSubscriptions(
  { rooms, sockets }: RoomLoad,
  database: BulkDatabase,
  last_seq?: number,
): Subscription[] {
  return rooms.flatMap((room, roomIndex) =>
    Array.from({ length: sockets }, (_, socketIndex) => {
      const user = database.users[(roomIndex * sockets + socketIndex) % database.users.length]
      return { room, token: user?.token ?? '', ...(last_seq !== undefined && { last_seq }) }
    }),
  )
}

export const openSockets = (
  clients: SocketClients,
  name: SocketContender,
  server: SocketServer,
  subscriptions: Subscription[],
  { maxConcurrent = MAX_CONCURRENT_HANDSHAKES } = {},
) => clients.run({ type: 'open', group: name, dialect: name, url: server.process.url, subscriptions, maxConcurrent })

/**
 * Publishes bursts of messages to all rooms. A burst begins when each socket has received the messages of the previous
 * burst.
 */
export async function measureDeliveries(
  { clients, database, redisPid }: { clients: SocketClients; database: BulkDatabase; redisPid: number },
  server: SocketServer,
  load: RoomLoad,
  { bursts, messages }: { bursts: number; messages: number },
): Promise<DeliveryStats> {
  const deliveriesPerBurst = load.rooms.length * load.sockets * messages
  const responses: Array<Required<ClientResponse>> = []
  const usages: Usage<'node' | 'redis'>[] = []
  for (let burst = 0; burst < bursts; burst++) {
    // Counting starts before the posts are stored, because a node may find them in MySQL before they are published.
    await clients.run({ type: 'startCounting', isStamped: false })
    const changes = await storePosts(database, load.rooms, messages)
    const readUsage = watchCpu({ node: server.process.pid, redis: redisPid })
    const publishedAtMs = readMachineClockMs()
    server.publish(changes)
    responses.push(await clients.run({ type: 'waitForDeliveries', deliveries: deliveriesPerBurst, publishedAtMs }))
    usages.push(readUsage())
  }
  const totalMs = responses.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0)
  return {
    per_second: (deliveriesPerBurst * bursts * 1_000) / totalMs,
    us: usages.reduce((sum, { cpuUs }) => sum + cpuUs.node, 0) / (deliveriesPerBurst * bursts),
    p50_ms: median(responses.map(({ p50Ms }) => p50Ms)),
    p99_ms: Math.max(...responses.map(({ p99Ms }) => p99Ms)),
  }
}
