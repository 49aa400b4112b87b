import { join } from 'node:path'
import { freePort } from '../processes/free-port.ts'
import { type Supervised, superviseApp } from './app-process.ts'
import type { Flags } from './flags.ts'

export interface Scripts {
  api: string
  worker: string
  seed: string
  /** This script builds the page that the API serves. */
  page?: string
}

/** Returns where API nodes listen: on loopback, unless `HOST` says otherwise. */
export const getHost = (env: NodeJS.ProcessEnv): string => env.HOST || '127.0.0.1'

export const listPorts = ({ api, port }: Flags): number[] => Array.from({ length: api }, (_, index) => port + index)

const EVERYWHERE = new Set(['0.0.0.0', '::'])

export function toUrl(host: string, port: number): string {
  const name = EVERYWHERE.has(host) ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

export async function startApps(options: {
  flags: Flags
  scripts: Scripts
  env: NodeJS.ProcessEnv
  tell(line: string): void
  changed(): void
}): Promise<Supervised[]> {
  const { flags, scripts, env, tell, changed } = options
  const host = getHost(env)
  const common = { logs: join(flags.data, 'logs'), tell, changed }
  const apis = listPorts(flags).map((port, index) =>
    superviseApp({
      ...common,
      name: `api-${index + 1}`,
      role: 'api',
      script: scripts.api,
      env: { ...env, HOST: host, PORT: `${port}` },
      url: toUrl(host, port),
    }),
  )
  const workerPorts = await findDifferentPorts(flags.workers, listPorts(flags))
  const workers = workerPorts.map((port, index) =>
    superviseApp({
      ...common,
      name: `worker-${index + 1}`,
      role: 'worker',
      script: scripts.worker,
      env: { ...env, WORKER_HOST: '127.0.0.1', WORKER_PORT: `${port}` },
      url: toUrl('127.0.0.1', port),
    }),
  )
  return [...apis, ...workers]
}

/** Finds ports for the workers' health and metrics. */
async function findDifferentPorts(count: number, taken: number[]): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = await freePort()
    if (!taken.includes(port)) ports.add(port)
  }
  return [...ports]
}
