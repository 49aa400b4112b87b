import type { Log } from '@engineer-chat/chat'
import type { Redis } from 'ioredis'

/** One line when a connection is lost and one when it is back, however many commands and retries fail in between. */
export function logOutages(client: Redis, log: Log, reason: 'publish' | 'subscribe'): { stop(): void } {
  let lost = false
  let stopped = false
  const lose = (cause?: unknown) => {
    if (lost || stopped) return
    lost = true
    log.error('EngineerChat.redis_lost', { reason }, cause)
  }
  client.on('error', lose)
  client.on('close', () => lose())
  client.on('ready', () => {
    if (lost) log.info('EngineerChat.redis_back', { reason })
    lost = false
  })
  return {
    stop() {
      stopped = true // a connection that is closed on purpose isn't lost
    },
  }
}

/** Quickly at first, then about once a second, with jitter: many processes shouldn't come back in one moment. */
export const retryDelay = (times: number): number => Math.min(50 * 2 ** Math.min(times, 5), 1_000) + Math.random() * 100
