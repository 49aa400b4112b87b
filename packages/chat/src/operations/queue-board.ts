import { requireAdmin } from '../people/index.ts'
import {
  type DeadLetter,
  type DeadLetterStore,
  type RetryCounts,
  type RetryFailedContext,
  retryFailedReplies,
} from '../replying/index.ts'
import {
  type AuditContext,
  ChatError,
  describeAct,
  listNoEvent,
  type Principal,
  type VerbReport,
} from '../shared/index.ts'

interface BoardInput {
  /** The audit entry of the request names this route of the board. */
  path: string
}

/**
 * Refuses everybody but admins. The caller of this verb serves the board afterwards. The board shows ids and codes of
 * all events, but no text.
 * @throws ChatError forbidden
 */
export function openQueueBoard(_ctx: object, caller: Principal, _input: BoardInput): void {
  requireAdmin(caller)
}

openQueueBoard.report = {
  listShownEvents: listNoEvent,
  audit: ({ input: { path } }) => [describeAct('admin_view', { object_type: 'queue', detail: path })],
} satisfies VerbReport<BoardInput, void>

interface BoardRetryContext extends RetryFailedContext {
  deadLetters: DeadLetterStore
  /** One request retries at most this many replies. */
  maxReplies: number
}

interface BoardRetryInput {
  /** Names the reply to retry. Without an id, the newest failed replies are retried. */
  message_id?: string
}

export interface BoardRetryCounts extends RetryCounts {
  /**
   * Counts the failed replies that were found. A reply that somebody else retried or removed after that is in no other
   * count.
   */
  found: number
}

/**
 * Retries failed replies for an admin. Each retry writes its own audit entry at once. So no entry is missing if a later
 * retry fails.
 * @throws ChatError forbidden, not_found
 */
export async function retryFromQueueBoard(
  ctx: BoardRetryContext,
  caller: Principal,
  { message_id }: BoardRetryInput,
  auditContext: AuditContext,
): Promise<BoardRetryCounts> {
  requireAdmin(caller)
  const deadLetters =
    message_id === undefined
      ? await ctx.deadLetters.list({ limit: ctx.maxReplies })
      : [await getDeadLetter(ctx, message_id)]
  const operator = { ...auditContext, actor: caller.user_id, detail: 'queue board' }
  return { found: deadLetters.length, ...(await retryFailedReplies(ctx, deadLetters, operator)) }
}

async function getDeadLetter({ deadLetters }: BoardRetryContext, message_id: string): Promise<DeadLetter> {
  const deadLetter = await deadLetters.find(message_id)
  if (!deadLetter) throw new ChatError('not_found')
  return deadLetter
}

retryFromQueueBoard.report = {
  listShownEvents: listNoEvent,
  log: ({ caller: { user_id }, result: { retried } }) => ({
    event: 'EngineerChat.failed_replies_retried',
    fields: { user_id, count: retried },
  }),
} satisfies VerbReport<BoardRetryInput, BoardRetryCounts>
