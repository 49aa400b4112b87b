import { mayStillAsk } from '../people/index.ts'
import { detectQuestionLanguage, toContextLimits } from '../prompting/index.ts'
import { type JobOrigin, type LogFields, type ReplyJob, withLogFields } from '../shared/index.ts'
import type { AnswerContext } from './answer-context.ts'
import { createFailureContent } from './failures.ts'
import { finishReply } from './finish-reply.ts'
import { LEASE_MS, type Lease, ReplyStoppedError, startLease } from './lease.ts'
import type { Claim, ClaimWithOrigin, ReplyOutcome } from './reply-store.ts'
import { wakeForFreeSlots } from './waiting/wake-waiting-replies.ts'
import { createCancelledFields, writeAnswer } from './write-answer.ts'

/** If the workers of this many tries have died, the next claim ends the reply as `worker_lost`. */
const MAX_TRIES = 5

/**
 * Claims one reply, writes its text and stores its final row. It does nothing if the reply cannot be claimed. When the
 * process shuts down (the signal `shutdown`), it stops writing and gives the reply back to the queue.
 * @throws the store's error, or the reason of `shutdown` if the final row could not be stored before; the sweep finds
 * the reply when its lease is over
 */
export async function answerReply(
  workerCtx: AnswerContext,
  { message_id, request_id: jobRequestId, traceparent }: ReplyJob,
  shutdown: AbortSignal,
): Promise<void> {
  if (shutdown.aborted) return // Nobody owns the reply yet, so the sweep finds it.
  const startedAtMs = workerCtx.clock.now()
  const claim = await workerCtx.replies.claim(message_id, LEASE_MS)
  if (!claim) return
  const request_id = jobRequestId ?? claim.request_id ?? undefined
  const origin = { ...(request_id !== undefined && { request_id }), ...(traceparent !== undefined && { traceparent }) }
  const ctx = { ...workerCtx, log: withLogFields(workerCtx.log, { ...toLoggedIds(claim), request_id }) }
  ctx.log.info('EngineerChat.reply_claimed', { attempt: claim.row.attempt, tries: claim.tries })

  const lease = startLease(ctx, { message_id, attempt: claim.row.attempt }, shutdown)
  // `writeAnswer` adds the ids of the models whose slots it takes.
  const slotModelIds = new Set<string>()
  try {
    const outcome = await produceOutcome(ctx, { ...claim, origin }, lease, slotModelIds)
    if (!outcome) return ctx.log.warn('EngineerChat.reply_without_question')
    if (!(await finishReply(ctx, lease, outcome, shutdown))) throw new ReplyStoppedError('fenced')
    const { finish_reason, error, model = 'none' } = outcome.content
    const duration_ms = ctx.clock.now() - startedAtMs
    ctx.log.info('EngineerChat.reply_finished', {
      ...lease.ref,
      finish_reason,
      code: error?.code,
      model,
      duration_ms,
    })
    ctx.recordDuration?.({ model, outcome: finish_reason === 'cancelled' ? 'cancelled' : outcome.type, duration_ms })
  } catch (error) {
    if (!(error instanceof ReplyStoppedError)) throw error
    await handleStop(ctx, lease, error, origin)
  } finally {
    lease.end()
    await wakeForFreeSlots(ctx, slotModelIds)
  }
}

/**
 * Returns the ids that every log line about the reply has. A search for the id of the reply or of its question finds
 * all of these lines.
 */
function toLoggedIds({ row: { message } }: Claim): LogFields {
  const { message_id, reply_to: question_id, user_id, event_id, chat_session_id: session_id } = message
  return { message_id, reply_id: message_id, question_id, user_id, event_id, session_id }
}

/** Resolves to how the reply ends, or to undefined if its question is gone. @throws ReplyStoppedError */
async function produceOutcome(
  ctx: AnswerContext,
  claim: ClaimWithOrigin,
  lease: Lease,
  slotModelIds: Set<string>,
): Promise<ReplyOutcome | undefined> {
  if (claim.cancel_requested) {
    return { type: 'chat', content: { content: '', ...createCancelledFields(0) } }
  }
  const contextLimits = toContextLimits(ctx)
  const contextPromise = ctx.replies.findContext(claim.row.message.message_id, contextLimits)
  if (claim.tries > MAX_TRIES) {
    // The context is read only for the language. The reply ends even if this read fails.
    const language = await contextPromise
      .then((context) => (context ? detectQuestionLanguage(context) : 'en'))
      .catch(() => 'en' as const)
    // The present claim is counted in `tries`, but its worker has not died.
    return { type: 'error', content: createFailureContent('worker_lost', language, claim.tries - 1) }
  }
  const context = await contextPromise
  if (!context) return undefined
  if (!mayStillAsk(context.asker)) {
    return { type: 'error', content: createFailureContent('forbidden', detectQuestionLanguage(context), 0) }
  }
  return writeAnswer(ctx, claim, context, lease, slotModelIds)
}

/**
 * Logs why the work on a reply stopped. On a shutdown, gives the reply back to the queue. After any other reason, there
 * is nothing to give back: the reply is postponed in MySQL, another worker has it, or it has ended.
 */
async function handleStop(
  ctx: AnswerContext,
  { ref }: Lease,
  { reason }: ReplyStoppedError,
  origin: JobOrigin,
): Promise<void> {
  ctx.log.warn('EngineerChat.reply_left', { ...ref, reason })
  if (reason !== 'shutdown') return
  const nextJob = await ctx.replies.release(ref)
  if (nextJob) ctx.queue.add([{ ...nextJob, ...origin }])
}
