import type { AnswerContext } from '../answer-context.ts'
import { type Lease, ReplyStoppedError } from '../lease.ts'
import type { BusyModel, ClaimWithOrigin } from '../reply-store.ts'
import { wakeForFreeSlots } from './wake-waiting-replies.ts'

/** Describes a model that refused a call because it is busy. */
export interface BusyRefusal extends BusyModel {
  /** Null means that the model does not say when it is free. */
  retryAfterMs: number | null
}

/**
 * If a provider's refusal names no time, the pause is this share of the time that the reply has waited, but at least
 * `MIN_PAUSE_MS` and at most `MAX_PAUSE_MS`. Then the jitter changes it by up to a half.
 */
const WAITED_SHARE = 0.25
const MIN_PAUSE_MS = 1_000
const MAX_PAUSE_MS = 15_000
/** If a refusal names a time, the jitter adds up to this share of it, or up to `MIN_JITTER_MS` if that is longer. */
const JITTER_SHARE = 0.25
const MIN_JITTER_MS = 1_000
/**
 * A reply that waits for a full model is woken when it is its turn. It is also due after about this time, because
 * nobody wakes it if its model is no longer limited.
 */
const FULL_PAUSE_MS = 60_000

/**
 * Returns how long a reply waits for busy models. `random` is a number from 0 to 1. It spreads the calls of replies
 * that were refused at the same moment.
 */
export function computePauseMs(refusals: BusyRefusal[], waitedMs: number, random: number): number {
  const growingPauseMs = Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, waitedMs * WAITED_SHARE))
  const pausesMs = refusals.map(({ retryAfterMs, isFull }) => {
    if (retryAfterMs === null) return (isFull ? FULL_PAUSE_MS : growingPauseMs) * (0.5 + random)
    return retryAfterMs + random * Math.max(MIN_JITTER_MS, retryAfterMs * JITTER_SHARE)
  })
  return Math.round(Math.min(...pausesMs))
}

/**
 * Postpones the reply until one of these models may be free. It resolves only if the deadline has passed; then the
 * worker keeps the reply.
 * @throws ReplyStoppedError, with the reason `postponed` if the reply was postponed
 */
export async function postponeUnlessOverdue(
  ctx: AnswerContext,
  { ref }: Lease,
  { row: { message }, origin }: ClaimWithOrigin,
  refusals: BusyRefusal[],
): Promise<void> {
  const models = refusals.map(({ id, isFull }) => ({ id, isFull }))
  const model = models[0]?.id ?? 'none'
  // A question and a retry set `updated_at` by MySQL's clock. `ctx.clock` knows no date, so the system's clock is read.
  // If it differs from MySQL's clock, only the length of the pause changes.
  const waitedMs = Date.now() - Date.parse(message.updated_at)
  const delayMs = computePauseMs(refusals, waitedMs, ctx.clock.random())
  const result = await ctx.replies.postpone(ref, { delayMs, deadlineMs: ctx.replyDeadlineMs, models })
  if (result === 'overdue') return
  if (result === 'postponed') {
    ctx.queue.add([{ ...ref, ...origin }], { delayMs })
    ctx.log.info('EngineerChat.reply_postponed', { ...ref, model, delay_ms: delayMs })
    ctx.countPostponed?.(model)
    // Another call may have ended between the refusal and the postponement. Its end did not wake this reply.
    await wakeForFreeSlots(
      ctx,
      models.flatMap(({ id, isFull }) => (isFull ? id : [])),
    )
  }
  throw new ReplyStoppedError(result)
}
