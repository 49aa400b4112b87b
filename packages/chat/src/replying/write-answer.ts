import type { MessageContent } from '@engineer-chat/protocol'
import { atMost } from '../budgets/index.ts'
import { type Candidate, LlmError, type LlmRequest, type Tried } from '../models/index.ts'
import { type Briefing, brief } from '../prompting/index.ts'
import { type ReplyContext, repairText } from '../shared/index.ts'
import type { ReplyVerbContext } from './answer-context.ts'
import { askModel } from './ask-model.ts'
import { type Draft, emptyDraft } from './call-model.ts'
import { type AfterFailure, afterFailure, failureContent } from './failure-content.ts'
import { type Lease, Stop, stopOf } from './lease.ts'
import type { Claim, Outcome } from './reply-store.ts'
import { isBlank, readDraft, readPartial, type Said } from './said.ts'

/** Asks the models of the chain until one answers, and says how the reply ends. @throws Stop when it isn't for us to say */
export async function answer(
  ctx: ReplyVerbContext,
  claim: Claim,
  context: ReplyContext,
  lease: Lease,
): Promise<Outcome> {
  const chain = ctx.models.chain(claim.model, context.event)
  const tried: Tried[] = []
  let lastShown: BrokenOff | undefined
  for (let calls = 0, times = 1; ; times++) {
    const candidate = chain[tried.length]
    if (!candidate) throw new Error('There is no model to ask.')
    const { model } = candidate.llm
    const draft = emptyDraft()
    const briefing = brief(context, candidate, ctx.briefing)
    const request = requestFor(context, briefing, tried)
    const isHeld = await ctx.replies.hold(lease.ref, atMost(candidate, request.turns))
    if (isHeld) calls += 1
    const result = isHeld
      ? await askModel(ctx, candidate, { request, briefing }, lease, draft)
      : { failure: overBudget() }
    if ('said' in result) return answered(draft, result.said, calls, tried)
    const { failure } = result
    if (failure instanceof Stop) return stopped(failure, draft, briefing, calls, model)

    if (!isBlank(draft.text)) lastShown = { draft, briefing }
    const isLast = tried.length === chain.length - 1
    const next = afterFailure(failure, { times, isLast }, ctx.clock.random())
    log(ctx, lease, candidate, failure, next)
    if (next === 'give_up') return failed(failureContent(failure.code, request.language, calls), lastShown)
    if (next === 'next_model') {
      tried.push({ model: candidate.id, code: failure.code })
      times = 0
    } else if (!(await slept(ctx, lease, next.again_ms))) return stopped(stopOf(lease), draft, briefing, calls, model)
    await lease.again()
  }
}

const requestFor = (context: ReplyContext, { turns, language }: Briefing, tried: Tried[]): LlmRequest => ({
  turns,
  context,
  language,
  tried: [...tried],
})

const overBudget = (): LlmError =>
  new LlmError('budget_exceeded', 'the budget has no room for this call', { transient: false })

const slept = (ctx: ReplyVerbContext, lease: Lease, ms: number): Promise<boolean> =>
  ctx.clock.sleep(ms, lease.signal).then(
    () => true,
    () => false,
  )

/** The one stop that ends the reply is its owner's; the others leave it to another worker. */
function stopped(stop: Stop, draft: Draft, briefing: Briefing, calls: number, model: string): Outcome {
  if (stop.why !== 'cancelled') throw stop
  const { content, hits } = readDraft(draft, briefing)
  return { type: 'chat', content: { ...content, ...cancelledContent(calls, model) }, hits }
}

export function cancelledContent(calls: number, model?: string) {
  return { ...(model && { model }), finish_reason: 'cancelled' as const, attempts: calls }
}

/** A call that failed after its reader had seen some of its answer. */
interface BrokenOff {
  draft: Draft
  briefing: Briefing
}

/** The reply's failure, with the text that was shown last: that of the last call which gave any. */
function failed(content: MessageContent, shown: BrokenOff | undefined): Outcome {
  const cut = shown && readPartial(shown.draft, shown.briefing)
  return cut
    ? { type: 'error', content: { ...content, partial: cut.partial }, hits: cut.hits }
    : { type: 'error', content }
}

function answered({ finish }: Draft, { content, hits }: Said, calls: number, [first]: Tried[]): Outcome {
  const how = {
    ...(finish && { model: repairText(finish.model), finish_reason: finish.reason, usage: finish.usage }),
    ...(first && { finish_reason: 'fallback' as const, fallback: { from: first.model, code: first.code } }),
    attempts: calls,
  }
  return { type: 'chat', content: { ...content, ...how }, hits }
}

function log(
  ctx: ReplyVerbContext,
  { ref }: Lease,
  { id: model }: Candidate,
  failure: LlmError,
  next: AfterFailure,
): void {
  const { code, transient } = failure
  const delay_ms = typeof next === 'object' ? next.again_ms : null
  const reason = typeof next === 'object' ? 'again' : next
  ctx.log.error('EngineerChat.llm_call_failed', { ...ref, model, code, transient, delay_ms, reason }, failure)
}
