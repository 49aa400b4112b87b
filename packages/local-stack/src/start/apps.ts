import { join } from 'node:path'
import { findFreePort } from '../processes/find-free-port.ts'
import { type AppOptions, type SupervisedApp, superviseApp } from './app-process.ts'
import type { Program, Scripts } from './choose-program.ts'
import type { Flags } from './flags.ts'

/**
 * The page has the port of the first API node plus this number: 5007 gives 5173, the default of Vite. The number is
 * higher than 64, the maximum of API nodes, so that no API node has the page's port.
 */
const PAGE_PORT_OFFSET = 166

/** Returns the address on which API nodes listen: `HOST`, or loopback by default. */
export const getHost = (env: NodeJS.ProcessEnv): string => env.HOST || '127.0.0.1'

export const listPorts = ({ api, port }: Flags): number[] => Array.from({ length: api }, (_, index) => port + index)

export const toPagePort = ({ port }: Flags): number => port + PAGE_PORT_OFFSET

const WILDCARD_HOSTS = new Set(['0.0.0.0', '::'])

/** Returns the URL for browsers and this process. A wildcard address cannot be opened, so loopback replaces it. */
export function toUrl(host: string, port: number): string {
  const name = WILDCARD_HOSTS.has(host) ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

export async function startApps(options: {
  flags: Flags
  scripts: Scripts
  program: Program
  env: NodeJS.ProcessEnv
  print(line: string): void
  onChange(): void
}): Promise<SupervisedApp[]> {
  const { flags, scripts, program, env, print, onChange } = options
  const host = getHost(env)
  const common = {
    logFolder: join(flags.data, 'logs'),
    print,
    onChange,
    nodeOptions: scripts.nodeOptions ?? [],
    rewriteLine: program.toSourcePositions,
  }
  const apis = listPorts(flags).map((port, index) =>
    superviseApp({
      ...common,
      name: `api-${index + 1}`,
      role: 'api',
      script: program.api,
      env: { ...env, ...program.env, HOST: host, PORT: `${port}` },
      url: toUrl(host, port),
    }),
  )
  const workerPorts = await findWorkerPorts(flags.workers, listPorts(flags))
  const workers = workerPorts.map((port, index) =>
    superviseApp({
      ...common,
      name: `worker-${index + 1}`,
      role: 'worker',
      script: program.worker,
      env: { ...env, ...program.env, WORKER_HOST: '127.0.0.1', WORKER_PORT: `${port}` },
      url: toUrl('127.0.0.1', port),
    }),
  )
  return [...apis, ...workers, ...startPageServer(options, common)]
}

function startPageServer(
  { flags, scripts, env }: { flags: Flags; scripts: Scripts; env: NodeJS.ProcessEnv },
  common: Pick<AppOptions, 'logFolder' | 'print' | 'onChange'>,
): SupervisedApp[] {
  if (scripts.pageServer === undefined) return []
  const host = getHost(env)
  const port = toPagePort(flags)
  const page = superviseApp({
    logFolder: common.logFolder,
    print: common.print,
    onChange: common.onChange,
    name: 'page',
    role: 'page',
    script: scripts.pageServer,
    scriptArguments: [`--host=${host}`, `--port=${port}`, `--api=${toUrl(host, flags.port)}`],
    env,
    url: toUrl(host, port),
  })
  return [page]
}

/** Finds ports for the workers' health and metrics. */
async function findWorkerPorts(count: number, takenPorts: number[]): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = await findFreePort()
    if (!takenPorts.includes(port)) ports.add(port)
  }
  return [...ports]
}
