import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort, type Server, startMysql, startRedis } from '@engineer-chat/local-stack'
import { type Running, run, until } from './process.ts'

/** Is an API node or a worker, with its own address. */
export interface Served extends Running {
  url: string
}

/** Is one server or a set of them. It stops with the product. */
export interface Redis {
  url: string
  stop(): Promise<void>
}

/** Is the whole product in real processes, on servers of its own. */
export interface Product<R extends Redis = Server> {
  mysql: Server
  redis: R
  apis: Served[]
  workers: Served[]
  startApi(env?: Record<string, string>): Promise<Served>
  startWorker(env?: Record<string, string>): Promise<Served>
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
        ...run('apps/api/src/main.ts', { ...base, PORT: String(port), ...own }),
        url: `http://127.0.0.1:${port}`,
      }
      product.apis.push(node)
      await ready(node, `${node.url}/readyz`)
      return node
    },
    startWorker: async (own = {}) => {
      const port = await findFreePort()
      const worker = {
        ...run('apps/worker/src/main.ts', { ...base, WORKER_PORT: String(port), ...own }),
        url: `http://127.0.0.1:${port}`,
      }
      product.workers.push(worker)
      await ready(worker, `${worker.url}/readyz`)
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

/** Waits until it is ready, or ends it, so that a second start does not run beside it. */
async function ready(running: Running, url: string): Promise<void> {
  await untilReady(running, url).catch(async (error: unknown) => {
    await running.kill()
    throw error
  })
}

async function untilReady(running: Running, url: string): Promise<void> {
  const over = running.exited.then((code) => {
    throw new Error(`ended at start with ${code}:\n${running.log.slice(-20).join('\n')}`)
  })
  over.catch(() => {}) // Once it is ready, the test decides when it ends.
  const isReady = until(`${url} answers 200`, async () => (await fetch(url).catch(() => undefined))?.ok)
  await Promise.race([isReady, over])
}
