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
 * Returns the environment. If it names neither server, the two that `npm start` runs on this machine are added from its
 * `run.json`, with all that its worker was given. If it names one, the other is not added, because it may belong to
 * another installation.
 */
export function findRunningProduct(env: NodeJS.ProcessEnv, folder = DATA_FOLDER): NodeJS.ProcessEnv {
  if (SERVER_VARIABLES.some((name) => env[name])) return env
  const services = listRunningServices(folder)
  const findUrl = (role: string) => services.find((service) => service.role === role)?.url
  const [DATABASE_URL, REDIS_URL] = [findUrl('mysql'), findUrl('redis')]
  if (!DATABASE_URL || !REDIS_URL) return env
  console.error(`DATABASE_URL and REDIS_URL are those of ${toRunFile(folder)}.`)
  const own = { ...env, DATABASE_URL, REDIS_URL }
  const workers = services.filter(({ role }) => role === 'worker')
  if (MODEL_VARIABLES.some((name) => env[name]) || workers.length === 0) return own
  const given = workers.map(({ pid }) => readEnvironmentOf(pid)).find((found) => found?.DATABASE_URL === DATABASE_URL)
  if (given === undefined) console.error('The models of its worker are not known here: set LLM_… as for `npm start`.')
  else console.error('The other settings are those of its worker.')
  const set = Object.entries(own).filter(([, value]) => value !== '') // An empty variable counts as one that isn't set.
  return { ...given, ...Object.fromEntries(set) }
}

const toRunFile = (folder: string): string => join(resolve(folder), 'run.json')

/** Lists what the `npm start` of this data folder runs. Without one it is empty. */
export function listRunningServices(folder = DATA_FOLDER): RunningService[] {
  try {
    const { services }: { services: RunningService[] } = JSON.parse(readFileSync(toRunFile(folder), 'utf8'))
    return services
  } catch {
    return []
  }
}

/** Linux shows the environment of a process to its user, so that no file has to hold the model's key. */
export function readEnvironmentOf(pid: number | undefined): NodeJS.ProcessEnv | undefined {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean)
    return Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    )
  } catch {
    return undefined
  }
}
