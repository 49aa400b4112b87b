import { ApiProblem, ConnectionFailedError } from '@engineer-chat/client'
import { ERROR_CODES, type ErrorCode } from '@engineer-chat/protocol'

/** Each kind has its own message in the catalogue. */
export type ErrorKind = ErrorCode | 'unreachable'

export function toErrorKind(error: unknown): ErrorKind {
  // A page may be older than its server and then has no message for a newer code.
  if (error instanceof ApiProblem) return ERROR_CODES.includes(error.code) ? error.code : 'internal'
  return error instanceof ConnectionFailedError ? 'unreachable' : 'internal'
}
