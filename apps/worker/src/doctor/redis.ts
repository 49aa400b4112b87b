import type { RedisFacts } from '@engineer-chat/adapters/redis'
import { clock, type Finding, good, isAtLeast, warning, wrong } from './finding.ts'

export function judgeRedis({ version, policy, clock_ms }: RedisFacts, now_ms: number): Finding[] {
  const isNew = isAtLeast(version, [7])
  return [
    isNew ? good('Redis version', version) : wrong('Redis version', version, 'Use Redis 7 or newer, or Valkey.'),
    judgePolicy(policy),
    clock('Redis clock', clock_ms, now_ms),
  ]
}

function judgePolicy(policy: string | undefined): Finding {
  const what = 'Redis policy'
  const fix = 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.'
  if (policy === undefined) return warning(what, 'the server does not say', fix)
  return policy === 'noeviction' ? good(what, policy) : wrong(what, `${policy}: jobs may be thrown away`, fix)
}
