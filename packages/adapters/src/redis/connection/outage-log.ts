import type { Log } from '@engineer-chat/chat/shared'
import { createOutageReporter, type OutageReporter } from '@engineer-chat/process/outage'
import type { RedisClient } from './connector.ts'

export const createOutageLog = (log: Log, purpose: 'publish' | 'subscribe'): OutageReporter =>
  createOutageReporter({
    onLost: (cause) => log.error('EngineerChat.redis_lost', { reason: purpose }, cause),
    onRestored: () => log.info('EngineerChat.redis_back', { reason: purpose }),
  })

export function watchConnection(outage: OutageReporter, client: RedisClient): void {
  client.on('error', (cause: unknown) => outage.markLost(cause))
  client.on('close', () => outage.markLost())
  client.on('ready', () => outage.markRestored())
}
