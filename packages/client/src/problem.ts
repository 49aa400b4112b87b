import type { ErrorCode, Problem } from '@engineer-chat/protocol'

/** The server said no, and this is what it said. */
export class ApiProblem extends Error {
  readonly problem: Problem
  /** How long the server asks us to wait; null if it didn't. */
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

/** No answer: nobody there, the line was cut, or it took too long. Whether the request was carried out is unknown. */
export class ConnectionFailed extends Error {
  constructor(cause: unknown) {
    super('The server could not be reached.', { cause })
    this.name = 'ConnectionFailed'
  }
}

/** Gone in a while, by all we know. */
export const isTransient = (error: unknown): error is ApiProblem | ConnectionFailed =>
  error instanceof ConnectionFailed ||
  (error instanceof ApiProblem && (error.code === 'unavailable' || error.code === 'rate_limited'))

export async function toApiProblem(response: Response): Promise<ApiProblem> {
  const said: unknown = await response.json().catch(() => undefined)
  return new ApiProblem(isProblem(said) ? said : createUnknownProblem(response), retryAfterMs(response))
}

/** From something in between, a proxy for example, which doesn't speak our documents. */
function createUnknownProblem({ status, statusText }: Response): Problem {
  const code: ErrorCode =
    status === 401 ? 'unauthorized' : status === 429 ? 'rate_limited' : status >= 502 ? 'unavailable' : 'internal'
  return {
    type: 'about:blank',
    title: statusText || 'Error',
    status,
    detail: `Answered ${status}.`,
    code,
    request_id: '',
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value && 'detail' in value
}

function retryAfterMs(response: Response): number | null {
  const header = response.headers.get('retry-after')
  if (header === null) return null
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}
