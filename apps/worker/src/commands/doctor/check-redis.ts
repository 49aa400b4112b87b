import type { RedisConnector, RedisServerInfo } from '@engineer-chat/adapters/redis'
import { checkClock, type Finding, fail, isAtLeast, pass, warn } from './finding.ts'

/** Checks each Redis server that accepts writes. */
export function checkRedis(topology: RedisConnector['topology'], servers: RedisServerInfo[], nowMs: number): Finding[] {
  if (servers.length === 0)
    return [fail('Redis', 'the cluster has no primaries', 'Give each slot to a node: CLUSTER SLOTS.')]
  const findings = servers.flatMap((server) => checkServer(server, nowMs))
  return topology === 'single' ? findings : [...findings, checkTakeover(topology, servers)]
}

function checkServer({ version, policy, clockMs }: RedisServerInfo, nowMs: number): Finding[] {
  const isSupported = isAtLeast(version, [7])
  return [
    isSupported ? pass('Redis version', version) : fail('Redis version', version, 'Use Redis 7 or newer, or Valkey.'),
    checkEvictionPolicy(policy),
    checkClock('Redis clock', clockMs, nowMs),
  ]
}

/** Checks that Redis never evicts keys, because the jobs of replies are keys. */
function checkEvictionPolicy(policy: string | undefined): Finding {
  const checkName = 'Redis policy'
  const fix = 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.'
  if (policy === undefined) return warn(checkName, 'the server does not say', fix)
  return policy === 'noeviction' ? pass(checkName, policy) : fail(checkName, `${policy}: jobs may be thrown away`, fix)
}

/** Checks that each primary has a replica that can take over. */
function checkTakeover(topology: 'sentinel' | 'cluster', servers: RedisServerInfo[]): Finding {
  const checkName = 'Redis takeover'
  const unreplicated = servers.filter(({ replicas }) => replicas === 0).length
  const setup = topology === 'sentinel' ? 'by Sentinel' : `${servers.length} primaries`
  if (unreplicated === 0) return pass(checkName, `${setup}, with a replica each`)
  return warn(
    checkName,
    `${unreplicated} of ${servers.length} primaries without a replica`,
    'Add a replica to each: without one, no server can take over.',
  )
}

/** Checks that Redis and the database have the same installation id. An id that could not be read is undefined. */
export function checkInstallation(
  databaseId: string | undefined,
  redisId: string | null | undefined,
  namespace: string,
): Finding[] {
  if (databaseId === undefined || redisId === undefined) return []
  const checkName = 'Redis installation'
  if (redisId === null) return [pass(checkName, 'none yet; the first process that starts writes its id')]
  if (redisId === databaseId) return [pass(checkName, 'the same as in the database')]
  return [
    fail(
      checkName,
      'this Redis belongs to another installation',
      `Use a separate Redis or another REDIS_NAMESPACE. If the other installation no longer exists: redis-cli DEL ${namespace}:installation.`,
    ),
  ]
}
