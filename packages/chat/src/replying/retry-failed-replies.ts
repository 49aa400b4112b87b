import type { Catalogue } from '../models/index.ts'
import type { OwnReplyStore } from '../rooms/index.ts'
import {
  type AuditActor,
  type AuditLog,
  ChatError,
  describeAct,
  notifyRoomAndQueue,
  type ReplyQueue,
  type RoomBus,
} from '../shared/index.ts'
import type { DeadLetter } from './dead-letters.ts'
import { createGetRetryReservation } from './retry-reply.ts'

/** Identifies the operator who retries other users' failed replies, for the audit log. */
export interface Operator extends AuditActor {
  /** Names the tool that the operator uses. */
  detail: string
}

export interface RetryFailedContext {
  messages: OwnReplyStore
  audit: AuditLog
  models: Catalogue
  /** These send the hints about a retried reply. If they are not set, only a worker's sweep finds the reply. */
  hintSenders?: { bus: RoomBus; queue: ReplyQueue }
}

/** Counts the retried replies, and the refused ones by reason. It leaves out replies that are dead letters no more. */
export interface RetryCounts {
  retried: number
  overBudget: number
  pinned: number
  forbiddenByTlp: number
}

/**
 * Retries one reply and adds an audit entry. The reply keeps its position, and so its place in its session. Resolves to
 * false if somebody else retried or removed the reply meanwhile.
 * @throws ChatError budget_exceeded, message_pinned, tlp_forbids_model if the retry is refused
 */
async function retryFailedReply(ctx: RetryFailedContext, letter: DeadLetter, operator: Operator): Promise<boolean> {
  const { user_id, message_id, event_id, attempts: failedAttempt } = letter
  const getReservation = createGetRetryReservation(ctx.models)
  const result = await ctx.messages
    .retry(user_id, message_id, getReservation, { failedAttempt })
    .catch((error: unknown) => {
      if (error instanceof ChatError && error.code === 'message_not_found') return undefined
      throw error
    })
  if (!result?.change) return false // Without a change, the reply was not this failure any more.
  const { detail, ...actor } = operator
  await ctx.audit.write([{ ...describeAct('retry', { message_id, event_id, detail }), ...actor }])
  if (ctx.hintSenders) notifyRoomAndQueue(ctx.hintSenders, result)
  return true
}

/**
 * Retries the replies one after the other, so that people who use the product meanwhile are not slowed down. A retry is
 * refused if a budget has too little left, if the reply is pinned, or if its event has become TLP:RED and no model may
 * read the event. After a refusal, the other replies are still retried.
 */
export async function retryFailedReplies(
  ctx: RetryFailedContext,
  letters: readonly DeadLetter[],
  operator: Operator,
): Promise<RetryCounts> {
  const counts: RetryCounts = { retried: 0, overBudget: 0, pinned: 0, forbiddenByTlp: 0 }
  for (const letter of letters) {
    try {
      if (await retryFailedReply(ctx, letter, operator)) counts.retried += 1
    } catch (error) {
      const code = error instanceof ChatError ? error.code : undefined
      if (code === 'budget_exceeded') counts.overBudget += 1
      else if (code === 'message_pinned') counts.pinned += 1
      else if (code === 'tlp_forbids_model') counts.forbiddenByTlp += 1
      else throw error
    }
  }
  return counts
}
