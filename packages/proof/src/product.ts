import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort, type Server, startMysql, startRedis } from '@engineer-chat/local-stack'
import { type RunningProcess, startProcess, waitUntil } from './process.ts'

/** Is an API node or a worker, with its own address. */
export interface ServerProcess extends RunningProcess {
  url: string
}

/** Is one Redis server, Sentinel or a cluster. It stops with the product. */
export interface Redis {
  url: string
  stop(): Promise<void>
}

/** Is the whole product: real processes with a MySQL and a Redis of their own. */
export interface Product<R extends Redis = Server> {
  mysql: Server
  redis: R
  apis: ServerProcess[]
  workers: ServerProcess[]
  startApi(env?: Record<string, string>): Promise<ServerProcess>
  startWorker(env?: Record<string, string>): Promise<ServerProcess>
  stop(): Promise<void>
}

export interface ProductOptions {
  apis?: number
  workers?: number
  env?: Record<string, string>
}

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dir = await mkdtemp(join(tmpdir(), 'engineer-chat-proof-'))
  return startProductOn(await startRedis({ dataDir: join(dir, 'redis') }), options, dir)
}

/** Starts the product on a Redis that runs already. */
export async function startProductOn<R extends Redis>(
  redis: R,
  { apis = 1, workers = 1, env = {} }: ProductOptions = {},
  folder?: string,
): Promise<Product<R>> {
  const dir = folder ?? (await mkdtemp(join(tmpdir(), 'engineer-chat-proof-')))
  const mysql = await startMysql({ dataDir: join(dir, 'mysql') })
  const base = {
    DATABASE_URL: mysql.url,
    REDIS_URL: redis.url,
    JWT_SECRET_KEY: 'only-for-tests-0123456789-abcdefghij-klmnop',
    LOG_LEVEL: 'info',
    RATE_LIMIT_ENABLED: 'false',
    ...env,
  }
  const product: Product<R> = {
    mysql,
    redis,
    apis: [],
    workers: [],
    startApi: async (own = {}) => {
      const port = own.PORT === undefined ? await findFreePort() : Number(own.PORT)
      const node = {
        ...startProcess('apps/api/src/main.ts', { ...base, PORT: String(port), ...own }),
        url: `http://127.0.0.1:${port}`,
      }
      product.apis.push(node)
      await waitUntilReadyOrKill(node, `${node.url}/readyz`)
      return node
    },
    startWorker: async (own = {}) => {
      const port = await findFreePort()
      const worker = {
        ...startProcess('apps/worker/src/main.ts', { ...base, WORKER_PORT: String(port), ...own }),
        url: `http://127.0.0.1:${port}`,
      }
      product.workers.push(worker)
      await waitUntilReadyOrKill(worker, `${worker.url}/readyz`)
      return worker
    },
    stop: async () => {
      await Promise.all([...product.apis, ...product.workers].map((running) => running.kill()))
      await Promise.all([mysql.stop(), redis.stop()])
      await rm(dir, { recursive: true, force: true })
    },
  }
  try {
    // The first API node migrates the database for all.
    for (let i = 0; i < apis; i++) await product.startApi()
    await Promise.all(Array.from({ length: workers }, () => product.startWorker()))
  } catch (error) {
    await product.stop()
    throw error
  }
  return product
}

/** Waits until the process is ready, or kills it, so that a second start does not run beside it. */
async function waitUntilReadyOrKill(running: RunningProcess, url: string): Promise<void> {
  await waitUntilReady(running, url).catch(async (error: unknown) => {
    await running.kill()
    throw error
  })
}

async function waitUntilReady(running: RunningProcess, url: string): Promise<void> {
  const over = running.exited.then((code) => {
    throw new Error(`ended at start with ${code}:\n${running.log.slice(-20).join('\n')}`)
  })
  over.catch(() => {}) // Once it is ready, the test decides when it ends.
  const isReady = waitUntil(`${url} answers 200`, async () => (await fetch(url).catch(() => undefined))?.ok)
  await Promise.race([isReady, over])
}
