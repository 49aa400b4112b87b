import { type LaunchedProcess, startProgram } from '../processes/launch.ts'
import type { ClientResponse, ClientRequest } from './commands.ts'

/** Runs thousands of client sockets in a separate process. */
export interface SocketClients {
  /** Runs a command. Numbers that its answer lacks are 0 or NaN. @throws Error if the command fails */
  run(command: ClientRequest): Promise<Required<ClientResponse>>
  process: LaunchedProcess
}

const REQUEST_TIMEOUT_MS = 60_000

export async function startSocketClients(): Promise<SocketClients> {
  const launched = await startProgram('socket-clients', { NODE_OPTIONS: '--max-old-space-size=4096' })
  const { child } = launched
  return {
    process: launched,
    async run(command) {
      const { promise, resolve, reject } = Promise.withResolvers<ClientResponse>()
      child.once('message', resolve)
      const timer = setTimeout(
        () => reject(new Error(`The clients did not answer: ${command.type}`)),
        REQUEST_TIMEOUT_MS,
      )
      child.send(command)
      const answer = await promise.finally(() => clearTimeout(timer))
      if (answer.error !== undefined) throw new Error(`${command.type}: ${answer.error}`)
      return { error: '', elapsedMs: 0, deliveries: 0, p50Ms: Number.NaN, p99Ms: Number.NaN, ...answer }
    },
  }
}
