import { join } from 'node:path'
import { startMysql } from '../servers/mysql.ts'
import { startRedis } from '../servers/redis.ts'
import type { Supervised } from './app-process.ts'
import { superviseServer } from './private-server.ts'
import { StartError } from './start-error.ts'

export interface Servers {
  databaseUrl: string
  redisUrl: string
  mysql: Supervised | undefined
  redis: Supervised | undefined
}

/**
 * Starts a private MySQL unless DATABASE_URL is set, and a private Redis unless REDIS_URL is set.
 * @throws StartError
 */
export async function startServers(
  folder: string,
  env: NodeJS.ProcessEnv,
  hooks: { print(line: string): void; onSpawn(name: string, pid: number): void; onChange(): void },
): Promise<Servers> {
  const { DATABASE_URL, REDIS_URL } = env
  const results = await Promise.allSettled([
    DATABASE_URL
      ? undefined
      : startMysql({ dataDir: join(folder, 'mysql'), onSpawn: (pid) => hooks.onSpawn('mysql', pid) }),
    REDIS_URL
      ? undefined
      : startRedis({ dataDir: join(folder, 'redis'), onSpawn: (pid) => hooks.onSpawn('redis', pid) }),
  ])
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) {
    for (const result of results) if (result.status === 'fulfilled') await result.value?.stop()
    throw new StartError(failure.reason instanceof Error ? failure.reason.message : String(failure.reason))
  }
  const [mysql, redis] = results.map((result) => (result.status === 'fulfilled' ? result.value : undefined))
  return {
    databaseUrl: DATABASE_URL || mysql?.url || '',
    redisUrl: REDIS_URL || redis?.url || '',
    mysql: mysql && superviseServer(mysql, hooks),
    redis: redis && superviseServer(redis, hooks),
  }
}
