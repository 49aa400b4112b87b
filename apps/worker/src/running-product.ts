import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface RunningService {
  role: string
  url?: string
  pid?: number
}

const DATA_FOLDER = '.data'
const SERVER_VARIABLES = ['DATABASE_URL', 'DATABASE_URL_FILE', 'REDIS_URL', 'REDIS_URL_FILE']
const MODEL_VARIABLES = ['LLM_BASE_URL', 'LLM_MODELS_FILE']

/**
 * Returns the environment. If it names neither MySQL nor Redis, both servers of a running `npm start` are added from
 * `run.json` in `folder`. The environment of its worker is added, too, unless the given one names a model
 * (`MODEL_VARIABLES`); given variables win. If the environment names one server, the other one is not added, because it
 * may belong to another installation.
 */
export function addRunningProductVariables(env: NodeJS.ProcessEnv, folder = DATA_FOLDER): NodeJS.ProcessEnv {
  if (SERVER_VARIABLES.some((name) => env[name])) return env
  const services = listRunningServices(folder)
  const findUrl = (role: string) => services.find((service) => service.role === role)?.url
  const [DATABASE_URL, REDIS_URL] = [findUrl('mysql'), findUrl('redis')]
  if (!DATABASE_URL || !REDIS_URL) return env
  console.error(`DATABASE_URL and REDIS_URL are those of ${toRunFile(folder)}.`)
  const withServers = { ...env, DATABASE_URL, REDIS_URL }
  const workers = services.filter(({ role }) => role === 'worker')
  if (MODEL_VARIABLES.some((name) => env[name]) || workers.length === 0) return withServers
  const workerEnv = workers
    .map(({ pid }) => readProcessEnvironment(pid))
    .find((candidateEnv) => candidateEnv?.DATABASE_URL === DATABASE_URL)
  if (workerEnv === undefined)
    console.error('The model settings of its worker cannot be read: set LLM_… as for `npm start`.')
  else console.error('The other settings are those of its worker.')
  // An empty variable counts as not set.
  const givenVariables = Object.entries(withServers).filter(([, value]) => value !== '')
  return { ...workerEnv, ...Object.fromEntries(givenVariables) }
}

const toRunFile = (folder: string): string => join(resolve(folder), 'run.json')

/**
 * Lists the services of the `npm start` with this data folder. The list is empty after an orderly stop. After a kill it
 * still names the services of that run.
 */
export function listRunningServices(folder = DATA_FOLDER): RunningService[] {
  try {
    const { services }: { services: RunningService[] } = JSON.parse(readFileSync(toRunFile(folder), 'utf8'))
    return services
  } catch {
    return []
  }
}

/**
 * Reads the environment of a process, which Linux shows to the user that runs the process. A command gets the models'
 * keys this way, so `npm start` need not write them to `run.json`.
 */
export function readProcessEnvironment(pid: number | undefined): NodeJS.ProcessEnv | undefined {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean)
    return Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    )
  } catch {
    return undefined
  }
}
