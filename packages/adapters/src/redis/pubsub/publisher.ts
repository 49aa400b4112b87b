import type { Installation, Log } from '@engineer-chat/chat/shared'
import { createThrottledReport } from '@engineer-chat/process/throttled-report'
import { withTimeout } from '@engineer-chat/process/with-timeout'
import { Cluster } from 'ioredis'
import {
  createOutageLog,
  type Keys,
  type RedisClient,
  type RedisConnector,
  watchConnection,
} from '../connection/index.ts'
import { type RedisOwnership, readReason, type Signer, watchRedisOwnership } from '../installation/index.ts'

const COMMAND_TIMEOUT_MS = 1_000
/** Closing waits this long for the answers of commands: longer than one command may take. */
const CLOSE_TIMEOUT_MS = 1_500
/** While Redis hangs, at most this many unanswered commands are kept. Further commands are dropped. */
const MAX_IN_FLIGHT = 5_000

export interface Publisher {
  readonly client: RedisClient
  readonly ownership: RedisOwnership
  /** Runs a command. Resolves to undefined if it was not sent, was refused, or has no known result. It never rejects. */
  attempt<T>(command: (client: RedisClient) => Promise<T>): Promise<T | undefined>
  /** Publishes a text. In a cluster, the node that owns the channel's slot gets it (sharded pub/sub). */
  publish(channel: string, text: string): void
  /** Publishes a JSON object, signed for this channel. */
  publishSigned(channel: string, json: string): void
  close(): Promise<void>
}

interface PublisherOptions {
  connector: RedisConnector
  keys: Keys
  installation: Installation
  signer: Signer
  log: Log
}

/**
 * Opens the connection that publishes hints. Commands of one tick share a write. While Redis is down, or belongs to
 * another installation, commands are not sent.
 */
export function openPublisher({ connector, keys, installation, signer, log }: PublisherOptions): Publisher {
  const client = connector.open({
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    autoResendUnfulfilledCommands: false,
  })
  const outage = createOutageLog(log, 'publish')
  watchConnection(outage, client)
  const ownership = watchRedisOwnership({ client, key: keys.owner, installation, log })
  // Redis refuses a command of a connection that works: its memory is full, or its account may not run the command.
  const logRefused = createThrottledReport((count, cause: Error) =>
    log.error('EngineerChat.redis_refused', { count, reason: readReason(cause) }),
  )
  const inFlight = new Set<Promise<unknown>>()
  const attempt: Publisher['attempt'] = async (command) => {
    if (client.status !== 'ready' || !ownership.isOurs() || inFlight.size >= MAX_IN_FLIGHT) return undefined
    const sent = Promise.try(command, client)
    inFlight.add(sent)
    try {
      return await sent
    } catch (cause) {
      // The connection logs an outage. A lost hint is found by its sequence number.
      if (cause instanceof Error && cause.name === 'ReplyError') logRefused(cause)
      return undefined
    } finally {
      inFlight.delete(sent)
    }
  }
  const publish = (channel: string, text: string) =>
    void attempt((client) =>
      client instanceof Cluster ? client.spublish(channel, text) : client.publish(channel, text),
    )
  return {
    client,
    ownership,
    attempt,
    publish,
    publishSigned: (channel, json) => publish(channel, signer.sign(channel, json)),
    async close() {
      ownership.close()
      outage.stop()
      // The commands of a tick are sent together in the next one, so a QUIT that is sent now would overtake them.
      await withTimeout(Promise.allSettled(inFlight), CLOSE_TIMEOUT_MS, () => undefined)
      if (client.status === 'ready') await client.quit().catch(() => undefined)
      client.disconnect()
    },
  }
}
