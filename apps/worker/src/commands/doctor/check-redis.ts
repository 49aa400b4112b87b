import type { RedisServerInfo, RedisServers } from '@engineer-chat/adapters/redis'
import { checkClock, type Finding, fail, isAtLeast, pass, warn } from './finding.ts'

/** Checks each server that accepts writes. */
export function checkRedis(form: RedisServers['form'], servers: RedisServerInfo[], nowMs: number): Finding[] {
  if (servers.length === 0)
    return [fail('Redis', 'the cluster has no primaries', 'Give each slot to a node: CLUSTER SLOTS.')]
  const findings = servers.flatMap((server) => checkServer(server, nowMs))
  return form === 'single' ? findings : [...findings, checkTakeover(form, servers)]
}

function checkServer({ version, policy, clockMs }: RedisServerInfo, nowMs: number): Finding[] {
  const isSupported = isAtLeast(version, [7])
  return [
    isSupported ? pass('Redis version', version) : fail('Redis version', version, 'Use Redis 7 or newer, or Valkey.'),
    checkPolicy(policy),
    checkClock('Redis clock', clockMs, nowMs),
  ]
}

function checkPolicy(policy: string | undefined): Finding {
  const checkName = 'Redis policy'
  const fix = 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.'
  if (policy === undefined) return warn(checkName, 'the server does not say', fix)
  return policy === 'noeviction' ? pass(checkName, policy) : fail(checkName, `${policy}: jobs may be thrown away`, fix)
}

/** Checks that each primary has a replica that can take over. */
function checkTakeover(form: 'sentinel' | 'cluster', servers: RedisServerInfo[]): Finding {
  const checkName = 'Redis takeover'
  const unreplicated = servers.filter(({ replicas }) => replicas === 0).length
  const setup = form === 'sentinel' ? 'by Sentinel' : `${servers.length} primaries`
  if (unreplicated === 0) return pass(checkName, `${setup}, with a replica each`)
  return warn(
    checkName,
    `${unreplicated} of ${servers.length} primaries without a replica`,
    'Add one to each: nobody takes over from them.',
  )
}

/** Checks that the id in Redis is the database's. Either is undefined if it could not be read. */
export function checkInstallation(
  ours: string | undefined,
  found: string | null | undefined,
  namespace: string,
): Finding[] {
  if (ours === undefined || found === undefined) return []
  const checkName = 'Redis installation'
  if (found === null) return [pass(checkName, 'none yet; the first process that starts writes its id')]
  if (found === ours) return [pass(checkName, 'this one')]
  return [
    fail(
      checkName,
      'this Redis belongs to another installation',
      `Use a Redis or a REDIS_NAMESPACE of its own. If the other one no longer exists: redis-cli DEL ${namespace}:installation.`,
    ),
  ]
}
