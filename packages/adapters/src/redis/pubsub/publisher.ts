import type { Log } from '@engineer-chat/chat/shared'
import { Cluster } from 'ioredis'
import { createOutageLog, type RedisClient, type RedisServers, watchConnection } from '../connection/index.ts'

const COMMAND_TIMEOUT_MS = 1_000
/** While Redis hangs, at most this many unanswered commands are kept. Further commands are dropped. */
const MAX_IN_FLIGHT = 5_000

export interface Publisher {
  readonly client: RedisClient
  /**
   * Resolves with undefined if the command was not sent or its result is unknown. It never rejects, and few callers
   * need to wait for it.
   */
  attempt<T>(command: (client: RedisClient) => Promise<T>): Promise<T | undefined>
  /** Publishes to the channel's subscribers, on whichever node of a cluster the channel lives. */
  publish(channel: string, text: string): void
  close(): Promise<void>
}

/**
 * Opens the connection that publishes hints. Commands of one tick share a write. While Redis is down they fail at
 * once.
 */
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
      return undefined // The connection logs the outage, and a lost hint is found by its sequence number.
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
