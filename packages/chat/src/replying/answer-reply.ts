import { languageIn, withMaterial } from '../prompting/index.ts'
import type { ReplyRef } from '../shared/index.ts'
import type { ReplyVerbContext } from './answer-context.ts'
import { failureContent } from './failure-content.ts'
import { finishReply } from './finish-reply.ts'
import { holdLease, LEASE_MS, type Lease, Stop } from './lease.ts'
import type { Claim, Outcome } from './reply-store.ts'
import { answer, cancelledContent } from './write-answer.ts'

/** A reply whose worker died this often is given up. */
const MAX_TRIES = 5

/**
 * Writes one reply, from the claim to its final row, or leaves it alone if it isn't to be had. Aborting the signal gives the reply
 * back to the queue. @throws what the store throws; the reply is found again when its lease is over
 */
export async function reply(ctx: ReplyVerbContext, { message_id }: ReplyRef, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return // nobody's yet: the sweep finds it
  const began = ctx.clock.now()
  const claim = await ctx.replies.claim(message_id, LEASE_MS)
  if (!claim) return
  const ids = { message_id, event_id: claim.row.message.event_id, session_id: claim.row.message.chat_session_id }
  ctx.log.info('EngineerChat.reply_claimed', { ...ids, attempt: claim.row.attempt, tries: claim.tries })

  const lease = holdLease(ctx, { message_id, attempt: claim.row.attempt }, signal)
  try {
    const outcome = await outcomeOf(ctx, claim, lease)
    if (!outcome) return ctx.log.warn('EngineerChat.reply_without_question', ids)
    if (!(await finishReply(ctx, lease, outcome, signal))) throw new Stop('fenced')
    const { finish_reason, error, model = 'none' } = outcome.content
    const duration_ms = ctx.clock.now() - began
    ctx.log.info('EngineerChat.reply_finished', {
      ...ids,
      ...lease.ref,
      finish_reason,
      code: error?.code,
      model,
      duration_ms,
    })
    ctx.measure?.({ model, outcome: finish_reason === 'cancelled' ? 'cancelled' : outcome.type, duration_ms })
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    await leave(ctx, lease, error)
  } finally {
    lease.end()
  }
}

async function outcomeOf(ctx: ReplyVerbContext, claim: Claim, lease: Lease): Promise<Outcome | undefined> {
  if (claim.cancel_requested) {
    return { type: 'chat', content: { content: '', ...cancelledContent(0) } }
  }
  const context = ctx.replies.context(claim.row.message.message_id, ctx.historyLimit)
  if (claim.tries > MAX_TRIES) {
    const language = await context.then((known) => (known ? languageIn(known) : 'en')).catch(() => 'en' as const)
    return { type: 'error', content: failureContent('worker_lost', language, claim.tries - 1) }
  }
  const known = await context
  if (!known) return undefined
  const user_id = claim.row.message.user_id ?? ''
  return answer(ctx, claim, await withMaterial(ctx.materials, known, user_id), lease)
}

/** Fenced out, it is somebody else's; on a shutdown it goes back, for another worker to begin anew. */
async function leave(ctx: ReplyVerbContext, { ref }: Lease, stop: Stop): Promise<void> {
  ctx.log.warn('EngineerChat.reply_left', { ...ref, reason: stop.why })
  if (stop.why !== 'shutdown') return
  const next = await ctx.replies.release(ref)
  if (next) ctx.queue.add([next])
}
