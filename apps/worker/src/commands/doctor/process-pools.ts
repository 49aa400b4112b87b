import { listRunningServices, readProcessEnvironment } from '../../find-running-product.ts'

/** Holds the size of each process's pool, and the source of the list of processes. */
export interface ProcessPools {
  apis: number[]
  workers: number[]
  source: 'options' | 'run.json' | 'assumed'
}

/** Holds the options of the command that name the processes. */
export interface ProcessOptions {
  /** Gives the number of API nodes. */
  api?: number | undefined
  /** Gives the number of workers. */
  workers?: number | undefined
  /** Names the data folder of an `npm start`. */
  data?: string | undefined
}

/**
 * Lists the pools of the processes that use the database. The processes are those of the options, or those of a running
 * `npm start` with the same database, or else one API node and one worker.
 */
export function findProcessPools(database: { url: string; poolSize: number }, options: ProcessOptions): ProcessPools {
  const createPools = (count: number): number[] => Array.from({ length: count }, () => database.poolSize)
  const { api, workers, data } = options
  if (api !== undefined || workers !== undefined)
    return { apis: createPools(api ?? 1), workers: createPools(workers ?? 1), source: 'options' }
  const services = listRunningServices(data)
  // If the product uses an external MySQL, run.json does not name it, and the environment of each process is compared.
  const isSameServer = services.some(({ role, url }) => role === 'mysql' && url === database.url)
  const listPools = (processRole: string): number[] =>
    services
      .filter(({ role }) => role === processRole)
      .flatMap(({ pid }) => {
        const env = readProcessEnvironment(pid)
        if (!isSameServer && env?.DATABASE_URL !== database.url) return []
        return [Number(env?.DATABASE_POOL_SIZE) || database.poolSize]
      })
  const running = { apis: listPools('api'), workers: listPools('worker') }
  if (running.apis.length + running.workers.length > 0) return { ...running, source: 'run.json' }
  return { apis: createPools(1), workers: createPools(1), source: 'assumed' }
}
