import { isProcessAlive } from '@engineer-chat/process/is-process-alive'
import { listRunningServices, readProcessEnvironment } from '../../running-product.ts'

/** Holds the size of the MySQL pool of each process, and where the list of processes comes from. */
export interface PoolSizes {
  /** Has one size for each API node. */
  apiSizes: number[]
  /** Has one size for each worker. */
  workerSizes: number[]
  listedBy: 'options' | 'run.json' | 'assumed'
}

/** Holds the options that say how many processes there are, or where `npm start` lists those that it runs. */
export interface ProcessOptions {
  apiCount?: number | undefined
  workerCount?: number | undefined
  /** Names the data folder of an `npm start`. */
  dataFolder?: string | undefined
}

/**
 * Lists the pool sizes of the processes that use the database. The options say how many processes there are. Without
 * these counts, the processes are those of a running `npm start` with the same database, or else one API node and one
 * worker. A process that has ended does not count.
 */
export function findPoolSizes(database: { url: string; poolSize: number }, options: ProcessOptions): PoolSizes {
  const repeatSize = (count: number): number[] => Array.from({ length: count }, () => database.poolSize)
  const { apiCount, workerCount, dataFolder } = options
  if (apiCount !== undefined || workerCount !== undefined)
    return { apiSizes: repeatSize(apiCount ?? 1), workerSizes: repeatSize(workerCount ?? 1), listedBy: 'options' }
  const services = listRunningServices(dataFolder)
  const isDatabaseInRunFile = services.some(({ role, url }) => role === 'mysql' && url === database.url)
  const listSizes = (processRole: string): number[] =>
    services
      .filter(({ role, pid }) => role === processRole && pid !== undefined && isProcessAlive(pid))
      .flatMap(({ pid }) => {
        const env = readProcessEnvironment(pid)
        // If run.json does not name this database (MySQL may be external), only processes whose DATABASE_URL names it
        // count.
        if (!isDatabaseInRunFile && env?.DATABASE_URL !== database.url) return []
        return [Number(env?.DATABASE_POOL_SIZE) || database.poolSize]
      })
  const running = { apiSizes: listSizes('api'), workerSizes: listSizes('worker') }
  if (running.apiSizes.length + running.workerSizes.length > 0) return { ...running, listedBy: 'run.json' }
  return { apiSizes: repeatSize(1), workerSizes: repeatSize(1), listedBy: 'assumed' }
}
