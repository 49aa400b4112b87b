import { ApiProblem, ConnectionFailed } from '@engineer-chat/client'
import type { ErrorCode } from '@engineer-chat/protocol'

/** What went wrong, as far as words are needed for it. */
export type Trouble = ErrorCode | 'unreachable'

export function troubleOf(error: unknown): Trouble {
  if (error instanceof ApiProblem) return error.code
  return error instanceof ConnectionFailed ? 'unreachable' : 'internal'
}

/** Worth trying again without anybody's doing. */
export const isPassing = (trouble: Trouble): boolean =>
  trouble === 'unreachable' || trouble === 'unavailable' || trouble === 'rate_limited' || trouble === 'unauthorized'
