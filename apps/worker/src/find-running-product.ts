import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

interface Run {
  services: Array<{ role: string; url?: string }>
}

/**
 * Returns the environment. Where it names neither server, those are added that `npm start` runs on this machine, by its
 * `run.json`. One that names only one of them is not completed: that would join two installations.
 */
export function findRunningProduct(env: NodeJS.ProcessEnv, folder = '.data'): NodeJS.ProcessEnv {
  const given = ['DATABASE_URL', 'DATABASE_URL_FILE', 'REDIS_URL', 'REDIS_URL_FILE']
  if (given.some((name) => env[name])) return env
  const file = join(resolve(folder), 'run.json')
  const findUrl = (role: string) => readServices(file).find((service) => service.role === role)?.url
  const [DATABASE_URL, REDIS_URL] = [findUrl('mysql'), findUrl('redis')]
  if (!DATABASE_URL || !REDIS_URL) return env
  console.error(`DATABASE_URL and REDIS_URL are those of ${file}.`)
  return { ...env, DATABASE_URL, REDIS_URL }
}

function readServices(file: string): Run['services'] {
  try {
    const { services }: Run = JSON.parse(readFileSync(file, 'utf8'))
    return services
  } catch {
    return []
  }
}
