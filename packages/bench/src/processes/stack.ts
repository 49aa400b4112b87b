import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseAppScripts, findFreePort, type Server, startMysql, startRedis } from '@engineer-chat/local-stack'
import { MAX_SESSION_ROUNDS } from '../database/bulk-database.ts'
import { SECRET } from '../database/token.ts'
import { configureMysql } from './configure-mysql.ts'
import { type LaunchedProcess, startApp } from './launch.ts'

/** Holds the servers of one bench, with empty databases, and the apps that run on them. */
export interface Stack {
  mysql: Server
  redis: Server
  startApi(env?: Record<string, string>, entry?: string): Promise<LaunchedProcess>
  startWorker(env?: Record<string, string>): Promise<LaunchedProcess>
  stop(): Promise<void>
}

export async function startStack(): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'engineer-chat-bench-'))
  const [scripts, mysql, redis] = await Promise.all([
    chooseAppScripts(),
    startMysql({ dataDir: join(folder, 'mysql') }),
    startRedis({ dataDir: join(folder, 'redis') }),
  ])
  await configureMysql(mysql.url)
  const commonEnv = {
    ...scripts.env,
    DATABASE_URL: mysql.url,
    REDIS_URL: redis.url,
    JWT_SECRET_KEY: SECRET,
    // With the usual limits, the load would be refused.
    RATE_LIMIT_ENABLED: 'false',
    ENGINEER_CHAT_MAX_ROUNDS: String(MAX_SESSION_ROUNDS),
    WS_MAX_CONNECTIONS_PER_USER: '100000',
  }
  const apps = new Set<LaunchedProcess>()
  const start = async (entry: string, healthPath: string, env: Record<string, string>, portVariable: string) => {
    const port = await findFreePort()
    const app = await startApp(
      entry,
      { ...commonEnv, [portVariable]: String(port), ...env },
      `http://127.0.0.1:${port}`,
      healthPath,
    )
    apps.add(app)
    return app
  }
  return {
    mysql,
    redis,
    startApi: (env = {}, entry = scripts.api) => start(entry, '/livez', env, 'PORT'),
    startWorker: (env = {}) => start(scripts.worker, '/readyz', env, 'WORKER_PORT'),
    async stop() {
      await Promise.all([...apps].map((app) => app.kill()))
      await Promise.all([mysql.stop(), redis.stop()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
