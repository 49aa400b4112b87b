import { ApiProblem, ConnectionFailed } from '@engineer-chat/client'
import { ERROR_CODES, type ErrorCode } from '@engineer-chat/protocol'

/** What went wrong, as far as words are needed for it. */
export type ErrorKind = ErrorCode | 'unreachable'

export function toErrorKind(error: unknown): ErrorKind {
  // A page is sometimes older than its server, which may know codes that the page has no words for.
  if (error instanceof ApiProblem) return ERROR_CODES.includes(error.code) ? error.code : 'internal'
  return error instanceof ConnectionFailed ? 'unreachable' : 'internal'
}

/** Worth trying again without anybody's doing. */
export const isTransient = (trouble: ErrorKind): boolean =>
  trouble === 'unreachable' || trouble === 'unavailable' || trouble === 'rate_limited' || trouble === 'unauthorized'
