import type { RedisServerInfo, RedisServers } from '@engineer-chat/adapters/redis'
import { checkClock, type Finding, good, isAtLeast, warning, wrong } from './finding.ts'

/** `servers` describes each server that takes writes. */
export function checkRedis(form: RedisServers['form'], servers: RedisServerInfo[], nowMs: number): Finding[] {
  if (servers.length === 0)
    return [wrong('Redis', 'the cluster has no primaries', 'Give each slot to a node: CLUSTER SLOTS.')]
  const findings = servers.flatMap((one) => checkServer(one, nowMs))
  return form === 'single' ? findings : [...findings, checkTakeover(form, servers)]
}

function checkServer({ version, policy, clock_ms }: RedisServerInfo, nowMs: number): Finding[] {
  const isNew = isAtLeast(version, [7])
  return [
    isNew ? good('Redis version', version) : wrong('Redis version', version, 'Use Redis 7 or newer, or Valkey.'),
    checkPolicy(policy),
    checkClock('Redis clock', clock_ms, nowMs),
  ]
}

function checkPolicy(policy: string | undefined): Finding {
  const what = 'Redis policy'
  const fix = 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.'
  if (policy === undefined) return warning(what, 'the server does not say', fix)
  return policy === 'noeviction' ? good(what, policy) : wrong(what, `${policy}: jobs may be thrown away`, fix)
}

/** Checks that Sentinels or a cluster can replace a primary that is lost. */
function checkTakeover(form: 'sentinel' | 'cluster', servers: RedisServerInfo[]): Finding {
  const what = 'Redis takeover'
  const alone = servers.filter(({ replicas }) => replicas === 0).length
  const found = form === 'sentinel' ? 'by Sentinel' : `${servers.length} primaries`
  if (alone === 0) return good(what, `${found}, with a replica each`)
  return warning(
    what,
    `${alone} of ${servers.length} primaries without a replica`,
    'Add one to each: nobody takes over from them.',
  )
}
