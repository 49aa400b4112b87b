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

/** Starts private MySQL and Redis, each unless the environment names another. @throws StartError */
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
  const failed = started.find((one) => one.status === 'rejected')
  if (failed) {
    for (const one of started) if (one.status === 'fulfilled') await one.value?.stop()
    throw new StartError(failed.reason instanceof Error ? failed.reason.message : String(failed.reason))
  }
  const [mysql, redis] = started.map((one) => (one.status === 'fulfilled' ? one.value : undefined))
  return {
    databaseUrl: DATABASE_URL || mysql?.url || '',
    redisUrl: REDIS_URL || redis?.url || '',
    mysql: mysql && superviseServer(mysql, hooks),
    redis: redis && superviseServer(redis, hooks),
  }
}
