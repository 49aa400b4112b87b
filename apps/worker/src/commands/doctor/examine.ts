import { redisAddress, type WorkerConfig } from '@engineer-chat/adapters/environment'
import { connect, mysqlFacts } from '@engineer-chat/adapters/mysql'
import { redisFacts, redisServers } from '@engineer-chat/adapters/redis'
import { examineModels, examineVariables } from './check-models.ts'
import { judgeMysql } from './check-mysql.ts'
import { judgeRedis } from './check-redis.ts'
import { type Finding, good, wrong } from './finding.ts'

/** Looks at everything that a process needs, with the configuration that it would have. */
export async function examine(config: WorkerConfig, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const found = await Promise.all([mysql(config), redis(config), examineModels(config, env)])
  const unread = await examineVariables(config, env)
  return [...(unread.length > 0 ? unread : [good('Configuration', 'complete')]), ...found.flat()]
}

async function mysql({ database }: WorkerConfig): Promise<Finding[]> {
  const server = connect(database.url, { connectionLimit: 1 })
  try {
    return judgeMysql(await mysqlFacts(server), Date.now())
  } catch (error) {
    return [
      wrong('MySQL', codeOf(error), 'Start it, and check host, port, user, password and database in DATABASE_URL.'),
    ]
  } finally {
    await server.close()
  }
}

async function redis({ redis: { url } }: WorkerConfig): Promise<Finding[]> {
  try {
    const servers = redisServers(redisAddress(url))
    return judgeRedis(servers.form, await redisFacts(servers), Date.now())
  } catch (error) {
    return [wrong('Redis', codeOf(error), 'Start it, and check host, port and password in REDIS_URL.')]
  }
}

/** A driver's text may hold a password's host; its code doesn't. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'does not answer'
