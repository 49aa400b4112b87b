import type { Log } from '@engineer-chat/chat/shared'
import { createOutageReporter } from '@engineer-chat/process/outage'
import type { Cluster, Redis, RedisOptions } from 'ioredis'

export type QueueClient = Redis | Cluster

/** Opens connections to Redis as one server, with Sentinels, or as a cluster. They reconnect by themselves. */
export interface QueueConnector {
  open(options: Pick<RedisOptions, 'commandTimeout' | 'enableOfflineQueue' | 'maxRetriesPerRequest'>): QueueClient
}

/** Says whether the queue in Redis belongs to this installation, or to another one, whose jobs must be left alone. */
export interface QueueOwnership {
  /** Returns false also while it is unknown to whom Redis belongs. */
  isOurs(): boolean
  /** Runs the listener after each change of `isOurs`. */
  onChange(listener: () => void): void
}

/**
 * Opens a connection. The log gets a line at the beginning of each outage and one at its end. Their `reason` is the
 * purpose; `board` is that of a queue inspector.
 */
export function connectQueue(
  connector: QueueConnector,
  log: Log,
  purpose: 'produce' | 'work' | 'board',
  options: Parameters<QueueConnector['open']>[0],
): QueueClient {
  const client = connector.open(options)
  const outage = createOutageReporter({
    onLost: (cause) => log.error('EngineerChat.queue_lost', { reason: purpose }, cause),
    onRestored: () => log.info('EngineerChat.queue_back', { reason: purpose }),
  })
  client.on('error', (cause: unknown) => {
    if (client.status !== 'end') outage.markLost(cause)
  })
  client.on('ready', () => outage.markRestored())
  return client
}
