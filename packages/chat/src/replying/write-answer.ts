import type { MessageContent } from '@engineer-chat/protocol'
import { estimateMaxSpend } from '../budgets/index.ts'
import { type FailedModel, LlmError, type LlmRequest, type ModelCandidate } from '../models/index.ts'
import { buildPrompt, type PreparedPrompt } from '../prompting/index.ts'
import { type ReplyContext, repairText } from '../shared/index.ts'
import type { AnswerContext } from './answer-context.ts'
import { askModel } from './ask-model.ts'
import { createDraft, type Draft } from './call-model.ts'
import { createFailureContent, decideAfterFailure, type FailureDecision } from './failure-content.ts'
import { getStoppedError, type Lease, ReplyStoppedError } from './lease.ts'
import { isBlank, type ReviewedDraft, readDraft, readPartial } from './read-draft.ts'
import type { Claim, ReplyOutcome } from './reply-store.ts'

/**
 * Asks the models of the chain until one answers, and returns how the reply ends.
 * @throws ReplyStoppedError if another worker has to end the reply
 */
export async function writeAnswer(
  ctx: AnswerContext,
  claim: Claim,
  context: ReplyContext,
  lease: Lease,
): Promise<ReplyOutcome> {
  const chain = ctx.models.list(claim.model, context.event)
  const failedModels: FailedModel[] = []
  let lastShown: BrokenOffCall | undefined
  for (let calls = 0, callsToModel = 1; ; callsToModel++) {
    const candidate = chain[failedModels.length]
    if (!candidate) throw new Error('There is no model to ask.')
    const { model } = candidate.llm
    const draft = createDraft()
    const prompt = buildPrompt(context, candidate, ctx.promptSettings)
    const request = createRequest(context, prompt, failedModels)
    const isReserved = await ctx.replies.reserve(lease.ref, estimateMaxSpend(candidate, request.turns))
    if (isReserved) calls += 1
    const result = isReserved
      ? await askModel(ctx, candidate, { request, prompt }, lease, draft)
      : { failure: createBudgetError() }
    if ('reviewed' in result) return toAnswerOutcome(draft, result.reviewed, calls, failedModels)
    const { failure } = result
    if (failure instanceof ReplyStoppedError) return toStoppedOutcome(failure, draft, prompt, calls, model)

    if (!isBlank(draft.text)) lastShown = { draft, prompt }
    const isLast = failedModels.length === chain.length - 1
    const next = decideAfterFailure(failure, { callsToModel, isLast }, ctx.clock.random())
    logFailure(ctx, lease, candidate, failure, next)
    if (next === 'give_up')
      return toFailedOutcome(createFailureContent(failure.code, request.language, calls), lastShown)
    if (next === 'next_model') {
      failedModels.push({ model: candidate.id, code: failure.code })
      callsToModel = 0
    } else if (!(await sleepUnlessStopped(ctx, lease, next.delayMs)))
      return toStoppedOutcome(getStoppedError(lease), draft, prompt, calls, model)
    await lease.startNextAttempt()
  }
}

const createRequest = (
  context: ReplyContext,
  { turns, language }: PreparedPrompt,
  failedModels: FailedModel[],
): LlmRequest => ({
  turns,
  context,
  language,
  failedModels: [...failedModels],
})

const createBudgetError = (): LlmError =>
  new LlmError('budget_exceeded', 'the budget has no room for this call', { transient: false })

const sleepUnlessStopped = (ctx: AnswerContext, lease: Lease, ms: number): Promise<boolean> =>
  ctx.clock.sleep(ms, lease.signal).then(
    () => true,
    () => false,
  )

/** Ends the reply if its owner has cancelled it. Any other stop leaves the reply to another worker. */
function toStoppedOutcome(
  stopped: ReplyStoppedError,
  draft: Draft,
  prompt: PreparedPrompt,
  calls: number,
  model: string,
): ReplyOutcome {
  if (stopped.reason !== 'cancelled') throw stopped
  const { content, findings } = readDraft(draft, prompt)
  return { type: 'chat', content: { ...content, ...createCancelledContent(calls, model) }, findings }
}

export function createCancelledContent(calls: number, model?: string) {
  return { ...(model && { model }), finish_reason: 'cancelled' as const, attempts: calls }
}

/** Describes a call that failed after its reader had seen a part of its answer. */
interface BrokenOffCall {
  draft: Draft
  prompt: PreparedPrompt
}

/** Returns the reply's failure, with the text of the last call that showed any. */
function toFailedOutcome(content: MessageContent, shown: BrokenOffCall | undefined): ReplyOutcome {
  const broken = shown && readPartial(shown.draft, shown.prompt)
  return broken
    ? { type: 'error', content: { ...content, partial: broken.partial }, findings: broken.findings }
    : { type: 'error', content }
}

function toAnswerOutcome(
  { finish }: Draft,
  { content, findings }: ReviewedDraft,
  calls: number,
  [first]: FailedModel[],
): ReplyOutcome {
  const outcomeFields = {
    ...(finish && { model: repairText(finish.model), finish_reason: finish.reason, usage: finish.usage }),
    ...(first && { finish_reason: 'fallback' as const, fallback: { from: first.model, code: first.code } }),
    attempts: calls,
  }
  return { type: 'chat', content: { ...content, ...outcomeFields }, findings }
}

function logFailure(
  ctx: AnswerContext,
  { ref }: Lease,
  { id: model }: ModelCandidate,
  failure: LlmError,
  next: FailureDecision,
): void {
  const { code, transient } = failure
  const delayMs = typeof next === 'object' ? next.delayMs : null
  const reason = typeof next === 'object' ? 'again' : next
  ctx.log.error('EngineerChat.llm_call_failed', { ...ref, model, code, transient, delay_ms: delayMs, reason }, failure)
}
