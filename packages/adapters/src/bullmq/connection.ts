import type { Log } from '@engineer-chat/chat'
import type { Cluster, Redis, RedisOptions } from 'ioredis'

export type QueueClient = Redis | Cluster

/** What opens connections to Redis, whatever its form. They come back by themselves. */
export interface QueueServers {
  open(options: Pick<RedisOptions, 'commandTimeout' | 'enableOfflineQueue' | 'maxRetriesPerRequest'>): QueueClient
}

/** A connection that says once that it was lost, and once that it is back. */
export function connectQueue(
  servers: QueueServers,
  log: Log,
  reason: 'produce' | 'work' | 'board',
  options: Parameters<QueueServers['open']>[0],
): QueueClient {
  const client = servers.open(options)
  let lost = false
  const lose = (cause?: unknown) => {
    if (!lost && client.status !== 'end') log.error('EngineerChat.queue_lost', { reason }, cause)
    lost = true
  }
  client.on('error', lose)
  client.on('ready', () => {
    if (lost) log.info('EngineerChat.queue_back', { reason })
    lost = false
  })
  return client
}
