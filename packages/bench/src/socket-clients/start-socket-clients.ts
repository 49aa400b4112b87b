import { type LaunchedProcess, startProgram } from '../processes/launch.ts'
import type { ClientRequest, ClientResponse } from './requests.ts'

/** Runs thousands of client sockets in a separate process. */
export interface SocketClients {
  /** Runs a request. Numbers that its response lacks are 0 or NaN. @throws Error if it fails */
  run(request: ClientRequest): Promise<Required<ClientResponse>>
  process: LaunchedProcess
}

const REQUEST_TIMEOUT_MS = 60_000

export async function startSocketClients(): Promise<SocketClients> {
  const launched = await startProgram('socket-clients', { NODE_OPTIONS: '--max-old-space-size=4096' })
  const { child } = launched
  return {
    process: launched,
    async run(request) {
      const { promise, resolve, reject } = Promise.withResolvers<ClientResponse>()
      child.once('message', resolve)
      const timer = setTimeout(
        () => reject(new Error(`The clients did not answer: ${request.type}`)),
        REQUEST_TIMEOUT_MS,
      )
      child.send(request)
      const response = await promise.finally(() => clearTimeout(timer))
      if (response.error !== undefined) throw new Error(`${request.type}: ${response.error}`)
      return { error: '', elapsedMs: 0, deliveries: 0, p50Ms: Number.NaN, p99Ms: Number.NaN, ...response }
    },
  }
}
