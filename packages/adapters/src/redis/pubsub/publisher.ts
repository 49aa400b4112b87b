import type { Log } from '@engineer-chat/chat/shared'
import { Cluster } from 'ioredis'
import { createOutageLog, type RedisClient, type RedisServers, watchConnection } from '../connection/index.ts'

const COMMAND_TIMEOUT_MS = 1_000
/** While Redis hangs, commands that nobody answers may gather up to this number; more are dropped. */
const MAX_IN_FLIGHT = 5_000

export interface Publisher {
  readonly client: RedisClient
  /** Undefined: not sent, or nobody knows. Never rejects, and hardly ever needs to be waited for. */
  attempt<T>(command: (client: RedisClient) => Promise<T>): Promise<T | undefined>
  /** To whoever listens to the channel, on whichever node of a cluster it lives. */
  publish(channel: string, text: string): void
  close(): Promise<void>
}

/** The connection that hints go out by. Commands of one tick share a write; while Redis is away they fail at once. */
export function openPublisher(servers: RedisServers, log: Log): Publisher {
  const client = servers.open({
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    autoResendUnfulfilledCommands: false,
  })
  const outage = createOutageLog(log, 'publish')
  watchConnection(outage, client)
  let inFlight = 0
  const attempt: Publisher['attempt'] = async (command) => {
    if (client.status !== 'ready' || inFlight >= MAX_IN_FLIGHT) return undefined
    inFlight += 1
    try {
      return await command(client)
    } catch {
      return undefined // the outage is logged by its connection; a hint that is lost is found by number
    } finally {
      inFlight -= 1
    }
  }
  return {
    client,
    attempt,
    publish(channel, text) {
      void attempt((to) => (to instanceof Cluster ? to.spublish(channel, text) : to.publish(channel, text)))
    },
    async close() {
      outage.stop()
      if (client.status === 'ready') await client.quit().catch(() => undefined)
      client.disconnect()
    },
  }
}
