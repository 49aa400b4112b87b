import type { Log } from '@engineer-chat/chat'
import type { RedisClient } from './servers.ts'

export interface Outages {
  lost(cause?: unknown): void
  back(): void
  /** What is closed on purpose isn't lost. */
  stop(): void
}

/** One line when it is lost and one when it is back, however many commands and retries fail in between. */
export function outages(log: Log, reason: 'publish' | 'subscribe'): Outages {
  let isLost = false
  let isOver = false
  return {
    lost(cause) {
      if (isLost || isOver) return
      isLost = true
      log.error('EngineerChat.redis_lost', { reason }, cause)
    },
    back() {
      if (isLost && !isOver) log.info('EngineerChat.redis_back', { reason })
      isLost = false
    },
    stop() {
      isOver = true
    },
  }
}

export function watchFor(outage: Outages, client: RedisClient): void {
  client.on('error', (cause: unknown) => outage.lost(cause))
  client.on('close', () => outage.lost())
  client.on('ready', () => outage.back())
}
