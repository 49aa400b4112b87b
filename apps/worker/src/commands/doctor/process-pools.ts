import { listRunningServices, readProcessEnvironment } from '../../running-product.ts'

/** Holds the size of the MySQL pool of each process, and where the list of processes comes from. */
export interface ProcessPools {
  /** Has one size for each API node. */
  apiSizes: number[]
  /** Has one size for each worker. */
  workerSizes: number[]
  listedBy: 'options' | 'run.json' | 'assumed'
}

/** Holds the options of the command that name the processes. */
export interface ProcessOptions {
  apiCount?: number | undefined
  workerCount?: number | undefined
  /** Names the data folder of an `npm start`. */
  dataFolder?: string | undefined
}

/**
 * Lists the pools of the processes that use the database. The processes are those of the options, or those of a running
 * `npm start` with the same database, or else one API node and one worker.
 */
export function findProcessPools(database: { url: string; poolSize: number }, options: ProcessOptions): ProcessPools {
  const createPools = (count: number): number[] => Array.from({ length: count }, () => database.poolSize)
  const { apiCount, workerCount, dataFolder } = options
  if (apiCount !== undefined || workerCount !== undefined)
    return { apiSizes: createPools(apiCount ?? 1), workerSizes: createPools(workerCount ?? 1), listedBy: 'options' }
  const services = listRunningServices(dataFolder)
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
  const running = { apiSizes: listPools('api'), workerSizes: listPools('worker') }
  if (running.apiSizes.length + running.workerSizes.length > 0) return { ...running, listedBy: 'run.json' }
  return { apiSizes: createPools(1), workerSizes: createPools(1), listedBy: 'assumed' }
}
