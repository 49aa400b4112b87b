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

/** Starts a private MySQL and a private Redis, unless the environment names a server. @throws StartError */
export async function startServers(
  folder: string,
  env: NodeJS.ProcessEnv,
  hooks: { print(line: string): void; onChange(): void },
): Promise<Servers> {
  const { DATABASE_URL, REDIS_URL } = env
  const started = await Promise.allSettled([
    DATABASE_URL ? undefined : startMysql({ dataDir: join(folder, 'mysql') }),
    REDIS_URL ? undefined : startRedis({ dataDir: join(folder, 'redis') }),
  ])
  const failed = started.find((result) => result.status === 'rejected')
  if (failed) {
    for (const result of started) if (result.status === 'fulfilled') await result.value?.stop()
    throw new StartError(failed.reason instanceof Error ? failed.reason.message : String(failed.reason))
  }
  const [mysql, redis] = started.map((result) => (result.status === 'fulfilled' ? result.value : undefined))
  return {
    databaseUrl: DATABASE_URL || mysql?.url || '',
    redisUrl: REDIS_URL || redis?.url || '',
    mysql: mysql && superviseServer(mysql, hooks),
    redis: redis && superviseServer(redis, hooks),
  }
}
