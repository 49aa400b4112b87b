import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from './ledger.ts'

export interface HttpResponse<T> {
  /** Holds 0 if no response came or its body is not JSON. The server may have handled the request nevertheless. */
  status: number
  /** Holds the parsed JSON; undefined if the response has no body. */
  body: T | undefined
}

export interface Caller {
  readonly user_id: string
  readonly username: string
  readonly role: 'engineer' | 'agent'
  readonly token: string
  call<T = unknown>(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<HttpResponse<T>>
  /** Repeats the request while its status is one of `TRANSIENT_STATUSES`, but not after the signal is aborted. */
  callWithRetries<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    idempotencyKey?: string,
  ): Promise<HttpResponse<T>>
}

const REQUEST_TIMEOUT_MS = 8_000
const TRANSIENT_STATUSES = [0, 429, 502, 503, 504]
/** The pause before a request is repeated is a random time between these two. */
const MIN_RETRY_PAUSE_MS = 150
const MAX_RETRY_PAUSE_MS = 750

export interface CallerOptions {
  url: string
  ledger: Ledger
  user_id: string
  username: string
  role: Caller['role']
  token: string
  /** Stops `callWithRetries` after its current call. */
  signal: AbortSignal
}

export function createCaller({ url, ledger, signal, ...identity }: CallerOptions): Caller {
  const call = async <T>(
    method: string,
    path: string,
    body?: unknown,
    idempotencyKey?: string,
  ): Promise<HttpResponse<T>> => {
    // The ids in the path are replaced, so that all responses of a route are counted together.
    const route = `${method} ${path.replace(/\?.*/, '').replaceAll(/[0-9a-f-]{36}|chat_[0-9a-f_]+/g, ':id')}`
    try {
      const response = await fetch(url + path, {
        method,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        headers: {
          authorization: `Bearer ${identity.token}`,
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      ledger.recordSeenIdentifiers(identity.user_id, text)
      ledger.countResponse(route, response.status)
      const { status } = response
      if (status >= 500 && status !== 503) ledger.addViolation(`${route} answered ${status}: ${text.slice(0, 300)}`)
      if (status === 401)
        ledger.addViolation(`${route} does not accept the token of ${identity.username}: ${text.slice(0, 300)}`)
      return { status, body: text === '' ? undefined : JSON.parse(text) }
    } catch (error) {
      ledger.countResponse(route, error instanceof SyntaxError ? 'no JSON' : 'nothing')
      return { status: 0, body: undefined }
    }
  }
  return {
    ...identity,
    call,
    async callWithRetries<T>(method: string, path: string, body?: unknown, idempotencyKey?: string) {
      const name = `${identity.username} ${method} ${path}`
      for (;;) {
        const result = await call<T>(method, path, body, idempotencyKey)
        ledger.pendingRequests.set(name, result.status)
        if (!TRANSIENT_STATUSES.includes(result.status) || signal.aborted) {
          ledger.pendingRequests.delete(name)
          return result
        }
        await sleep(MIN_RETRY_PAUSE_MS + Math.random() * (MAX_RETRY_PAUSE_MS - MIN_RETRY_PAUSE_MS))
      }
    },
  }
}
