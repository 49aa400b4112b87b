import { ApiProblem, ConnectionFailedError } from '@engineer-chat/client'
import { ERROR_CODES, type ErrorCode } from '@engineer-chat/protocol'

/** Names the kinds of errors that users can see. Each has its own text in the catalogue. */
export type ErrorKind = ErrorCode | 'unreachable'

export function toErrorKind(error: unknown): ErrorKind {
  // A page may be older than its server and then has no message for a newer code.
  if (error instanceof ApiProblem) return ERROR_CODES.includes(error.code) ? error.code : 'internal'
  return error instanceof ConnectionFailedError ? 'unreachable' : 'internal'
}
