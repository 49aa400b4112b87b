import type { Log } from '@engineer-chat/chat/shared'
import { createOutage, type Outage } from '@engineer-chat/process/outage'
import type { RedisClient } from './servers.ts'

export const createOutageLog = (log: Log, reason: 'publish' | 'subscribe'): Outage =>
  createOutage({
    lost: (cause) => log.error('EngineerChat.redis_lost', { reason }, cause),
    back: () => log.info('EngineerChat.redis_back', { reason }),
  })

export function watchConnection(outage: Outage, client: RedisClient): void {
  client.on('error', (cause: unknown) => outage.lost(cause))
  client.on('close', () => outage.lost())
  client.on('ready', () => outage.back())
}
