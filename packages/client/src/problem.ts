import type { ErrorCode, Problem } from '@engineer-chat/protocol'

/**
 * Reports a problem: that of a response with an error status (4xx or 5xx), or one that the client itself finds out.
 */
export class ApiProblem extends Error {
  readonly problem: Problem
  /** The server asks the client to wait this long; null if its response names no time. */
  readonly retryAfterMs: number | null

  constructor(problem: Problem, retryAfterMs: number | null = null) {
    super(problem.detail)
    this.name = 'ApiProblem'
    this.problem = problem
    this.retryAfterMs = retryAfterMs
  }

  get code(): ErrorCode {
    return this.problem.code
  }

  get status(): number {
    return this.problem.status
  }
}

/** Reports that no complete and readable response arrived. The server may still have done what was requested. */
export class ConnectionFailedError extends Error {
  constructor(cause: unknown) {
    super('The server could not be reached.', { cause })
    this.name = 'ConnectionFailedError'
  }
}

/** A transient error may be gone when the same request is sent later. */
export const isTransient = (error: unknown): error is ApiProblem | ConnectionFailedError =>
  error instanceof ConnectionFailedError ||
  (error instanceof ApiProblem && (error.code === 'unavailable' || error.code === 'rate_limited'))

export const isUnauthorizedError = (error: unknown): boolean => error instanceof ApiProblem && error.status === 401

export async function toApiProblem(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => undefined)
  return new ApiProblem(isProblem(body) ? body : createDefaultProblem(response), findRetryAfterMs(response))
}

/** Creates the problem for a response that describes none, for example because it comes from a proxy. */
function createDefaultProblem({ status, statusText }: Response): Problem {
  return {
    type: 'about:blank',
    title: statusText || 'Error',
    status,
    detail: `The server responded with status ${status}.`,
    code: toErrorCode(status),
    request_id: '',
  }
}

/**
 * Creates the error with which a running refresh and a followed reply fail when the sign-in ends. It has the code of a
 * refused refresh.
 */
export const createSignInEndedProblem = (): ApiProblem =>
  createLocalProblem({ title: 'Unauthorized', status: 401, code: 'unauthorized', detail: 'The sign-in has ended.' })

/** Creates the error for a message that was removed after the caller had read it. */
export const createMessageRemovedProblem = (): ApiProblem =>
  createLocalProblem({ title: 'Not Found', status: 404, code: 'message_not_found', detail: 'The message was removed.' })

/** Creates the error for a problem that the client itself finds out. It names no request, so `request_id` is empty. */
const createLocalProblem = (fields: Pick<Problem, 'title' | 'status' | 'code' | 'detail'>): ApiProblem =>
  new ApiProblem({ type: 'about:blank', request_id: '', ...fields })

function toErrorCode(status: number): ErrorCode {
  if (status === 401) return 'unauthorized'
  if (status === 429) return 'rate_limited'
  return status >= 502 ? 'unavailable' : 'internal'
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value && 'detail' in value
}

function findRetryAfterMs(response: Response): number | null {
  const header = response.headers.get('retry-after')
  if (header === null) return null
  const seconds = Number(header)
  // A date in `Retry-After` is by the server's clock, so it is compared with the `Date` header of the same response.
  const nowMs = response.headers.has('date') ? Date.parse(response.headers.get('date') ?? '') : Date.now()
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - nowMs
  return Number.isFinite(retryAfterMs) ? Math.max(0, retryAfterMs) : null
}
