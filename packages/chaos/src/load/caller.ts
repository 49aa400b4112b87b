import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from './ledger.ts'

export interface Answer<T> {
  /** Is 0 if no answer came. The request may have been carried out. */
  status: number
  /** Is undefined if the answer has no body. */
  body: T | undefined
}

export interface Caller {
  readonly user_id: string
  readonly username: string
  readonly role: 'engineer' | 'agent'
  readonly token: string
  call<T = unknown>(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<Answer<T>>
  /** Repeats the request until an answer comes that is no transient refusal. */
  repeat<T = unknown>(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<Answer<T>>
}

const TIMEOUT_MS = 8_000
const TRANSIENT_STATUSES = [0, 429, 502, 503, 504]

export interface CallerOptions {
  url: string
  ledger: Ledger
  user_id: string
  username: string
  role: Caller['role']
  token: string
  /** Stops `repeat` after its current call. */
  signal: AbortSignal
}

export function createCaller({ url, ledger, signal, ...identity }: CallerOptions): Caller {
  const call = async <T>(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<Answer<T>> => {
    const route = `${method} ${path.replace(/\?.*/, '').replaceAll(/[0-9a-f-]{36}|chat_[0-9a-f_]+/g, ':id')}`
    try {
      const response = await fetch(url + path, {
        method,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          authorization: `Bearer ${identity.token}`,
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      ledger.recordSeen(identity.user_id, text)
      ledger.countAnswer(route, response.status)
      const { status } = response
      if (status >= 500 && status !== 503) ledger.addViolation(`${route} answered ${status}: ${text.slice(0, 300)}`)
      if (status === 401)
        ledger.addViolation(`${route} doesn't know ${identity.username} any more: ${text.slice(0, 300)}`)
      return { status, body: text === '' ? undefined : JSON.parse(text) }
    } catch (error) {
      ledger.countAnswer(route, error instanceof SyntaxError ? 'no JSON' : 'nothing')
      return { status: 0, body: undefined }
    }
  }
  return {
    ...identity,
    call,
    async repeat<T>(method: string, path: string, body?: unknown, idempotencyKey?: string) {
      const name = `${identity.username} ${method} ${path}`
      for (;;) {
        const answer = await call<T>(method, path, body, idempotencyKey)
        ledger.pendingRequests.set(name, answer.status)
        if (!TRANSIENT_STATUSES.includes(answer.status) || signal.aborted) {
          ledger.pendingRequests.delete(name)
          return answer
        }
        await sleep(150 + Math.random() * 600)
      }
    },
  }
}
