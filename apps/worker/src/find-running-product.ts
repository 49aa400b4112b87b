import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

interface RunFile {
  services: Array<{ role: string; url?: string }>
}

/**
 * Returns the environment. If it names neither server, the two that `npm start` runs on this machine are added from its
 * `run.json`. If it names one, the other is not added, because it may belong to another installation.
 */
export function findRunningProduct(env: NodeJS.ProcessEnv, folder = '.data'): NodeJS.ProcessEnv {
  const serverVariables = ['DATABASE_URL', 'DATABASE_URL_FILE', 'REDIS_URL', 'REDIS_URL_FILE']
  if (serverVariables.some((name) => env[name])) return env
  const file = join(resolve(folder), 'run.json')
  const findUrl = (role: string) => readServices(file).find((service) => service.role === role)?.url
  const [DATABASE_URL, REDIS_URL] = [findUrl('mysql'), findUrl('redis')]
  if (!DATABASE_URL || !REDIS_URL) return env
  console.error(`DATABASE_URL and REDIS_URL are those of ${file}.`)
  return { ...env, DATABASE_URL, REDIS_URL }
}

function readServices(file: string): RunFile['services'] {
  try {
    const { services }: RunFile = JSON.parse(readFileSync(file, 'utf8'))
    return services
  } catch {
    return []
  }
}
