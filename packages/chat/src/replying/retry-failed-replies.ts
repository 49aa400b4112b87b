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
  /** Without hints, a worker's sweep finds the reply. */
  hints?: { bus: RoomBus; queue: ReplyQueue }
}

export interface RetryCounts {
  retried: number
  overBudget: number
  pinned: number
  forbiddenByTlp: number
}

/**
 * Retries one reply if the budgets allow it, and adds an audit entry. The reply keeps its position and its place in
 * the order of its session. Resolves to false if the reply was retried or removed meanwhile.
 * @throws ChatError budget_exceeded, message_pinned, tlp_forbids_model
 */
async function retryFailedReply(ctx: RetryFailedContext, letter: DeadLetter, operator: Operator): Promise<boolean> {
  const { user_id, message_id, event_id } = letter
  const getReservation = createGetRetryReservation(ctx.models)
  const retried = await ctx.messages.retry(user_id, message_id, getReservation).catch((error: unknown) => {
    if (error instanceof ChatError && error.code === 'message_not_found') return undefined
    throw error
  })
  if (!retried?.change) return false
  const { detail, ...actor } = operator
  await ctx.audit.write([{ ...describeAct('retry', { message_id, event_id, detail }), ...actor }])
  if (ctx.hints) notifyRoomAndQueue(ctx.hints, retried)
  return true
}

/**
 * Retries the replies one after the other, so that people who use the product meanwhile are not slowed down. A reply
 * that is refused does not stop the others: a budget has too little left, the reply is pinned, or its event has become
 * TLP:RED and no model may read it.
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
