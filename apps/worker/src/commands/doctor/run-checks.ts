import { parseRedisAddress, type WorkerConfig } from '@engineer-chat/adapters/environment'
import { findInstallation, openMysql, readMysqlInfo } from '@engineer-chat/adapters/mysql'
import { createRedisServers, readInstallationId, readRedisInfo } from '@engineer-chat/adapters/redis'
import { checkModels, checkVariables } from './check-models.ts'
import { checkMysql } from './check-mysql.ts'
import { checkInstallation, checkRedis } from './check-redis.ts'
import { type Finding, fail, pass } from './finding.ts'

/** Checks everything that a process needs, with the configuration that it would have. */
export async function runChecks(config: WorkerConfig, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const found = await Promise.all([
    checkMysqlServer(config),
    checkRedisServers(config),
    compareInstallations(config),
    checkModels(config, env),
  ])
  const unknown = await checkVariables(config, env)
  return [...(unknown.length > 0 ? unknown : [pass('Configuration', 'complete')]), ...found.flat()]
}

async function checkMysqlServer({ database }: WorkerConfig): Promise<Finding[]> {
  const server = openMysql(database.url, { connectionLimit: 1 })
  try {
    return checkMysql(await readMysqlInfo(server), Date.now())
  } catch (error) {
    return [
      fail(
        'MySQL',
        getErrorCode(error),
        'Start it, and check host, port, user, password and database in DATABASE_URL.',
      ),
    ]
  } finally {
    await server.close()
  }
}

async function checkRedisServers({ redis: { url } }: WorkerConfig): Promise<Finding[]> {
  try {
    const servers = createRedisServers(parseRedisAddress(url))
    return checkRedis(servers.form, await readRedisInfo(servers), Date.now())
  } catch (error) {
    return [fail('Redis', getErrorCode(error), 'Start it, and check host, port and password in REDIS_URL.')]
  }
}

/** Another check reports a server that does not answer. */
async function compareInstallations({ database, redis }: WorkerConfig): Promise<Finding[]> {
  const mysql = openMysql(database.url, { connectionLimit: 1 })
  try {
    const servers = createRedisServers(parseRedisAddress(redis.url))
    const [ours, found] = await Promise.all([findInstallation(mysql), readInstallationId(servers, redis.namespace)])
    return checkInstallation(ours?.installation_id, found, redis.namespace)
  } catch {
    return []
  } finally {
    await mysql.close()
  }
}

/** Returns the error's code, because a driver's message may contain parts of the address. */
const getErrorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'does not answer'
