import { EventEmitter, once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import type { AccessGrant, User } from '@engineer-chat/protocol'

/** Is a request that a module of `src/state` has sent, and that waits for the test's response. */
export interface HeldRequest {
  method: string
  path: string
  query: Record<string, string>
  keepalive: boolean
  /** Responds, and resolves when the module has handled the response. A handler with a timer may take longer. */
  respond(body: unknown, status?: number): Promise<void>
  /** Ends the request as if the network were lost. */
  fail(): Promise<void>
}

/** Runs the modules of `src/state` without a browser. The test responds to their requests, in any order. */
export interface FakePage {
  /** Resolves to the oldest request that was not taken yet. */
  takeRequest(): Promise<HeldRequest>
  /** Starts an action of a module, responds to the action's only request, and waits until the action has ended. */
  runWithResponse(action: () => Promise<void>, body: unknown): Promise<void>
}

const READER: User = {
  user_id: 'u-1',
  username: 'ann',
  role: 'engineer',
  active: true,
  created_at: '2026-03-01T10:00:00.000Z',
}
const GRANT: AccessGrant = { access_token: 'token', token_type: 'Bearer', expires_in: 3_600, user: READER }

class UnusedBrowserPart {
  addEventListener(): void {}
  postMessage(): void {}
}

/** Defines the parts of a browser that the modules of `src/state` use. Call this before they are imported. */
export function startFakePage(): FakePage {
  const heldRequests: HeldRequest[] = []
  const arrivals = new EventEmitter()
  const holdRequest = (input: string, { method = 'GET', keepalive = false }: RequestInit = {}): Promise<Response> => {
    const { pathname: path, searchParams } = new URL(input)
    if (path === '/api/auth/refresh') return Promise.resolve(Response.json(GRANT))
    const { promise, resolve, reject } = Promise.withResolvers<Response>()
    if (path === '/api/auth/ws-ticket') return promise // The socket waits for its ticket and sends nothing.
    const respond = (body: unknown, status = 200) => {
      resolve(Response.json(body, { status }))
      return setImmediate()
    }
    const fail = () => {
      reject(new TypeError('The network is lost.'))
      return setImmediate()
    }
    heldRequests.push({ method, path, query: Object.fromEntries(searchParams), keepalive, respond, fail })
    arrivals.emit('request')
    return promise
  }
  Object.assign(globalThis, {
    location: { origin: 'http://page.example', hash: '' },
    document: Object.assign(new UnusedBrowserPart(), { visibilityState: 'visible' }),
    addEventListener: () => {},
    BroadcastChannel: UnusedBrowserPart, // The channel of Node would keep the process of the test alive.
    fetch: holdRequest,
  })
  const takeRequest = async (): Promise<HeldRequest> => {
    const request = heldRequests.shift()
    if (request) return request
    await once(arrivals, 'request')
    return takeRequest()
  }
  const runWithResponse = async (action: () => Promise<void>, body: unknown): Promise<void> => {
    const ended = action()
    await (await takeRequest()).respond(body)
    await ended
  }
  return { takeRequest, runWithResponse }
}
