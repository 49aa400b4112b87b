import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { runProgram } from '../processes/run-program.ts'
import type { OnSpawn } from './local-server.ts'
import type { Server } from './server.ts'
import type { ServerFolder } from './server-folder.ts'

const COMPOSE_FILE = join(import.meta.dirname, '../../../../docker-compose.yml')

/** Returns true if Docker runs and has the plugin `compose`, which is not installed everywhere. */
export async function isDockerRunning(): Promise<boolean> {
  const [daemon, compose] = await Promise.all([
    runProgram('docker', ['info']),
    runProgram('docker', ['compose', 'version']),
  ])
  return daemon.ok && compose.ok
}

/**
 * Starts the service `name` of docker-compose.yml. Each server's folder has a separate Compose project. `onSpawn` gets
 * the process that stops the container when this process ends, and ends after it.
 */
export async function startInDocker(
  name: Server['name'],
  folder: ServerFolder,
  port: number,
  onSpawn?: OnSpawn,
): Promise<Server> {
  const env = {
    ...createRequiredVariables(folder.password),
    [name === 'mysql' ? 'MYSQL_PORT' : 'REDIS_PORT']: `${port}`,
  }
  const runCompose = (...args: string[]) =>
    runDocker(['compose', '-f', COMPOSE_FILE, '-p', toProjectName(folder.path), ...args], env)
  const start = async () => {
    await runCompose('up', '-d', '--wait', name)
    const [id] = (await runCompose('ps', '-q', name)).match(/^[0-9a-f]{12,}$/m) ?? []
    if (!id) throw new Error(`docker compose started ${name}, but doesn't list its container.`)
    return watchContainer(id, onSpawn)
  }

  let container = await start()
  const endContainer = async (...command: string[]) => {
    await runCompose(...command, name)
    await container.exited
  }
  return {
    name,
    url: createUrl(name, folder.password, port),
    get pid() {
      return container.pid
    },
    get exited() {
      return container.exited
    },
    stop: async () => {
      await endContainer('stop')
      container.release()
    },
    kill: () => endContainer('kill', '-s', 'SIGKILL'),
    restart: async () => {
      await endContainer('stop')
      container.release()
      container = await start()
    },
  }
}

/** Removes the container of the server with this folder, and its volumes, which Docker keeps outside the folder. */
export async function removeFromDocker(path: string): Promise<void> {
  await runDocker(
    ['compose', '-f', COMPOSE_FILE, '-p', toProjectName(path), 'down', '--volumes'],
    createRequiredVariables('unused'),
  )
}

/** Compose requires all variables of the file, including those of services that are not started. */
const createRequiredVariables = (password: string): Record<string, string> =>
  Object.fromEntries(REQUIRED.map((name) => [name, password]))

const REQUIRED = ['MYSQL_ROOT_PASSWORD', 'MYSQL_APP_PASSWORD', 'REDIS_PASSWORD', 'GRAFANA_PASSWORD', 'JWT_SECRET_KEY']

const toProjectName = (path: string) => `engineer-chat-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`

const createUrl = (name: Server['name'], password: string, port: number) =>
  name === 'mysql'
    ? `mysql://root:${password}@127.0.0.1:${port}/engineer_chat`
    : `redis://:${password}@127.0.0.1:${port}`

async function runDocker(args: string[], env: Record<string, string> = {}): Promise<string> {
  const result = await runProgram('docker', args, env)
  if (!result.ok) throw new Error(`docker ${args.join(' ')} failed:\n${result.output.trimEnd()}`)
  return result.output
}

// The pipe to this shell closes when this process ends. The shell then stops the container, which would otherwise go on
// running, because it is no child process.
const GUARD = `trap '' INT TERM HUP; while read -r line; do [ "$line" = done ] && exit 0; done; docker stop "$1"`

/** Watches a container with `docker wait`, which ends when the container does. */
async function watchContainer(id: string, onSpawn: OnSpawn | undefined) {
  const pid = Number(await runDocker(['inspect', '-f', '{{.State.Pid}}', id]))
  const waiting = spawn('docker', ['wait', id], { stdio: 'ignore', detached: true })
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', id], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.on('error', () => {}) // Without a shell nothing is guarded, but the server works.
  guard.stdin?.on('error', () => {})
  guard.unref()
  if (guard.pid !== undefined) onSpawn?.(guard.pid)
  return { pid, exited: waitForExit(waiting), release: () => guard.stdin?.end('done\n') }
}

const waitForExit = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
