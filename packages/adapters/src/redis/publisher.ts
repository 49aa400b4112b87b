import type { Log } from '@engineer-chat/chat'
import { Redis } from 'ioredis'
import { logOutages, retryDelay } from './outage.ts'

const COMMAND_TIMEOUT_MS = 1_000
/** While Redis hangs, commands that nobody answers may gather up to this number; more are dropped. */
const MAX_IN_FLIGHT = 5_000

export interface Publisher {
  readonly client: Redis
  /** Undefined: not sent, or nobody knows. Never rejects, and hardly ever needs to be waited for. */
  attempt<T>(command: (client: Redis) => Promise<T>): Promise<T | undefined>
  close(): Promise<void>
}

/** The connection that hints go out by. Commands of one tick share a write; while Redis is away they fail at once. */
export function openPublisher(url: string, log: Log): Publisher {
  const client = new Redis(url, {
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    autoResendUnfulfilledCommands: false,
    retryStrategy: retryDelay,
  })
  const outages = logOutages(client, log, 'publish')
  let inFlight = 0
  return {
    client,
    async attempt(command) {
      if (client.status !== 'ready' || inFlight >= MAX_IN_FLIGHT) return undefined
      inFlight += 1
      try {
        return await command(client)
      } catch {
        return undefined // the outage is logged by its connection; a hint that is lost is found by number
      } finally {
        inFlight -= 1
      }
    },
    async close() {
      outages.stop()
      if (client.status === 'ready') await client.quit().catch(() => undefined)
      client.disconnect()
    },
  }
}
