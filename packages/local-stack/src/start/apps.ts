import { join } from 'node:path'
import { findFreePort } from '../processes/find-free-port.ts'
import { type AppOptions, type SupervisedApp, superviseApp } from './app-process.ts'
import type { ChosenScripts, Scripts } from './choose-scripts.ts'
import { type Flags, listPorts, toPagePort } from './flags.ts'

/** Returns the address on which API nodes listen: `HOST`, or loopback by default. */
export const getHost = (env: NodeJS.ProcessEnv): string => env.HOST || '127.0.0.1'

const WILDCARD_HOSTS = new Set(['0.0.0.0', '::'])

/** Returns the URL for browsers and this process. A wildcard address cannot be opened, so loopback replaces it. */
export function toUrl(host: string, port: number): string {
  const name = WILDCARD_HOSTS.has(host) ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

export async function startApps(options: {
  flags: Flags
  scripts: Scripts
  chosenScripts: ChosenScripts
  env: NodeJS.ProcessEnv
  print(line: string): void
  onSpawn(name: string, pid: number): void
  onChange(): void
}): Promise<SupervisedApp[]> {
  const { flags, scripts, chosenScripts, env, print, onSpawn, onChange } = options
  const host = getHost(env)
  const common = {
    logFolder: join(flags.dataFolder, 'logs'),
    print,
    onSpawn,
    onChange,
    nodeOptions: scripts.nodeOptions ?? [],
    rewriteLine: chosenScripts.toSourcePositions,
  }
  const apis = listPorts(flags).map((port, index) =>
    superviseApp({
      ...common,
      name: `api-${index + 1}`,
      role: 'api',
      script: chosenScripts.api,
      env: { ...env, ...chosenScripts.env, HOST: host, PORT: `${port}` },
      url: toUrl(host, port),
    }),
  )
  const workerPorts = await findWorkerPorts(flags.workerCount, [...listPorts(flags), toPagePort(flags)])
  const workers = workerPorts.map((port, index) =>
    superviseApp({
      ...common,
      name: `worker-${index + 1}`,
      role: 'worker',
      script: chosenScripts.worker,
      env: { ...env, ...chosenScripts.env, WORKER_HOST: '127.0.0.1', WORKER_PORT: `${port}` },
      url: toUrl('127.0.0.1', port),
    }),
  )
  return [...apis, ...workers, ...startPageServer(options, common)]
}

function startPageServer(
  { flags, scripts, env }: { flags: Flags; scripts: Scripts; env: NodeJS.ProcessEnv },
  common: Pick<AppOptions, 'logFolder' | 'print' | 'onSpawn' | 'onChange'>,
): SupervisedApp[] {
  if (scripts.pageServer === undefined) return []
  const host = getHost(env)
  const port = toPagePort(flags)
  const page = superviseApp({
    logFolder: common.logFolder,
    print: common.print,
    onSpawn: common.onSpawn,
    onChange: common.onChange,
    name: 'page',
    role: 'page',
    script: scripts.pageServer,
    scriptArguments: [`--host=${host}`, `--port=${port}`, `--api=${toUrl(host, flags.firstPort)}`],
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
