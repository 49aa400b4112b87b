import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseAppScripts, findFreePort, type Server, startMysql, startRedis } from '@engineer-chat/local-stack'
import { type RunningProcess, startProcess, waitUntil } from './process.ts'

/** Represents an API node or a worker, with the URL of its HTTP server. */
export interface ServiceProcess extends RunningProcess {
  url: string
}

/** Represents the Redis of a product: one server, several servers with Sentinel, or a cluster. The product stops it. */
export interface ProductRedis {
  url: string
  stop(): Promise<void>
}

/** Represents the whole product: real processes with their own MySQL and Redis. */
export interface Product<R extends ProductRedis = Server> {
  mysql: Server
  redis: R
  apis: ServiceProcess[]
  workers: ServiceProcess[]
  startApi(env?: Record<string, string>): Promise<ServiceProcess>
  startWorker(env?: Record<string, string>): Promise<ServiceProcess>
  stop(): Promise<void>
}

export interface ProductOptions {
  apis?: number
  workers?: number
  env?: Record<string, string>
  /** Starts a MySQL that replaces the usual one. The product stops it. */
  startMysql?(dataDir: string): Promise<Server>
  /** Prepares MySQL before the processes start, and returns the URL by which they reach it. */
  connectMysql?(mysql: Server): Promise<string>
}

const TEST_ENV = {
  JWT_SECRET_KEY: 'only-for-tests-0123456789-abcdefghij-klmnop',
  LOG_LEVEL: 'info',
  RATE_LIMIT_ENABLED: 'false',
}

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const folder = await createFolder()
  return startProductWithRedis(await startRedis({ dataDir: join(folder, 'redis') }), options, folder)
}

/**
 * Starts the product with a Redis that is already running. The data of MySQL is in `existingFolder` or, if this is left
 * out, in a new folder. `stop` removes the folder.
 */
export async function startProductWithRedis<R extends ProductRedis>(
  redis: R,
  { apis = 1, workers = 1, env = {}, ...options }: ProductOptions = {},
  existingFolder?: string,
): Promise<Product<R>> {
  const folder = existingFolder ?? (await createFolder())
  const dataDir = join(folder, 'mysql')
  const [mysql, scripts] = await Promise.all([
    options.startMysql?.(dataDir) ?? startMysql({ dataDir }),
    chooseAppScripts(),
  ])
  const databaseUrl = (await options.connectMysql?.(mysql)) ?? mysql.url
  const commonEnv = { ...scripts.env, ...TEST_ENV, DATABASE_URL: databaseUrl, REDIS_URL: redis.url, ...env }
  const product: Product<R> = {
    mysql,
    redis,
    apis: [],
    workers: [],
    startApi: async (nodeEnv = {}) => {
      const port = nodeEnv.PORT === undefined ? await findFreePort() : Number(nodeEnv.PORT)
      const node = {
        ...startProcess(scripts.api, { ...commonEnv, PORT: String(port), ...nodeEnv }),
        url: `http://127.0.0.1:${port}`,
      }
      product.apis.push(node)
      await waitUntilReadyOrKill(node, `${node.url}/readyz`)
      return node
    },
    startWorker: async (workerEnv = {}) => {
      const port = await findFreePort()
      const worker = {
        ...startProcess(scripts.worker, { ...commonEnv, WORKER_PORT: String(port), ...workerEnv }),
        url: `http://127.0.0.1:${port}`,
      }
      product.workers.push(worker)
      await waitUntilReadyOrKill(worker, `${worker.url}/readyz`)
      return worker
    },
    stop: async () => {
      await Promise.all([...product.apis, ...product.workers].map((running) => running.kill()))
      await Promise.all([mysql.stop(), redis.stop()])
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    // The first API node migrates the database, so the other processes start after it.
    for (let i = 0; i < apis; i++) await product.startApi()
    await Promise.all(Array.from({ length: workers }, () => product.startWorker()))
  } catch (error) {
    await product.stop()
    throw error
  }
  return product
}

const createFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'engineer-chat-proof-'))

/** Waits until the process is ready. If it does not become ready, kills it, so that its port is free again. */
async function waitUntilReadyOrKill(running: RunningProcess, url: string): Promise<void> {
  await waitUntilReady(running, url).catch(async (error: unknown) => {
    await running.kill()
    throw error
  })
}

/** A start takes a second, or half a minute on a busy machine. */
const START_TIMEOUT_MS = 60_000

async function waitUntilReady(running: RunningProcess, url: string): Promise<void> {
  const failedStart = running.exited.then((code) => {
    throw new Error(`A process ended during its start with ${code}:\n${running.log.slice(-20).join('\n')}`)
  })
  failedStart.catch(() => {}) // An exit after the process is ready is not a failed start.
  const readyCheck = waitUntil(
    `${url} answers 200`,
    async () => (await fetch(url).catch(() => undefined))?.ok,
    START_TIMEOUT_MS,
  )
  await Promise.race([readyCheck, failedStart])
}
