import type { Log } from '@engineer-chat/chat'
import { Redis, type RedisOptions } from 'ioredis'

/** A connection that comes back by itself and says once that it was lost, and once that it is back. */
export function connectQueue(
  url: string,
  log: Log,
  reason: 'produce' | 'work' | 'board',
  options: RedisOptions,
): Redis {
  const client = new Redis(url, { ...options, retryStrategy })
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

const retryStrategy = (times: number): number => Math.min(50 * 2 ** Math.min(times, 5), 1_000) + Math.random() * 100
