import type { MessageContent } from '@engineer-chat/protocol'
import { estimateMaxSpend } from '../budgets/index.ts'
import {
  type FailedModel,
  isAnalyst,
  LlmError,
  type LlmRequest,
  type ModelCandidate,
  mayRead,
} from '../models/index.ts'
import { buildPrompt, detectQuestionLanguage, type PreparedPrompt } from '../prompting/index.ts'
import { type ReplyContext, repairText } from '../shared/index.ts'
import type { AnswerContext } from './answer-context.ts'
import { askModel } from './ask-model.ts'
import { createDraft, type Draft } from './call-model.ts'
import { createFailureContent, decideAfterFailure, type FailureDecision } from './failures.ts'
import { getStoppedError, type Lease, ReplyStoppedError } from './lease.ts'
import type { ClaimWithOrigin, ReplyOutcome } from './reply-store.ts'
import { isBlank, type ReviewedDraft, reviewDraft, reviewPartial } from './review-draft.ts'
import { type BusyRefusal, postponeUnlessOverdue } from './waiting/postpone-reply.ts'

/** Holds the work on a claimed reply: its context, and the calls of all attempts since the claim. */
interface Progress {
  ctx: AnswerContext
  context: ReplyContext
  lease: Lease
  /** Counts the calls that were made. */
  calls: number
  /** True means that a call was made or refused with the present attempt, so that the next call needs a new attempt. */
  isAttemptUsed: boolean
  /** Lists the models that gave no answer, the busy ones too. */
  failedModels: FailedModel[]
  /** Lists the models that were busy, and when they may be free. */
  busyRefusals: BusyRefusal[]
  /** Collects the ids of the models whose slots the calls took, because other replies may wait for these slots. */
  slotModelIds: Set<string>
  /** Holds the latest call that was made, and never one that a budget or a limit refused. */
  lastCall?: AttemptedCall
  /** Holds the last call whose text a reader saw. */
  lastShownCall?: AttemptedCall
}

interface AttemptedCall {
  draft: Draft
  prompt: PreparedPrompt
  /** The provider knows the model by this name. */
  modelName: string
}

/**
 * Asks the models of the chain that may read the event until one answers, and returns how the reply ends. If none
 * answers and at least one is only busy, the reply is postponed. After its deadline the offline analyst answers, if the
 * chain or `ctx.models.analyst` has it.
 * @throws ReplyStoppedError if another worker has to end the reply, or if it was postponed
 */
export async function writeAnswer(
  ctx: AnswerContext,
  claim: ClaimWithOrigin,
  context: ReplyContext,
  lease: Lease,
  slotModelIds: Set<string>,
): Promise<ReplyOutcome> {
  // `list` already leaves out the models that may not read the event. The second check protects the event's text from a
  // defect there.
  const chain = ctx.models.list(claim.model, context.event).filter((model) => mayRead(model, context.event.tlp))
  if (chain.length === 0) {
    return { type: 'error', content: createFailureContent('tlp_forbids_model', detectQuestionLanguage(context), 0) }
  }
  const progress: Progress = {
    ctx,
    context,
    lease,
    calls: 0,
    isAttemptUsed: false,
    failedModels: [],
    busyRefusals: [],
    slotModelIds,
  }
  try {
    for (const candidate of chain) {
      // The offline analyst replaces models that are down, but not a model that will be free again.
      if (isAnalyst(candidate) && progress.busyRefusals.length > 0) continue
      // After the chain's last model, the reply can still wait for an earlier model that was busy.
      const hasNext = candidate !== chain.at(-1) || progress.busyRefusals.length > 0
      const outcome = await askCandidate(progress, candidate, hasNext)
      if (outcome) return outcome
    }
    if (progress.busyRefusals.length > 0) {
      await postponeUnlessOverdue(ctx, lease, claim, progress.busyRefusals)
      // A postponement throws, so the deadline has passed here.
      const analyst = chain.find(isAnalyst) ?? ctx.models.analyst
      const outcome = analyst && (await askCandidate(progress, analyst, false))
      if (outcome) return outcome
    }
    return toFailedOutcome(progress)
  } catch (error) {
    if (error instanceof ReplyStoppedError && error.reason === 'cancelled') return toCancelledOutcome(progress)
    throw error
  }
}

/**
 * Asks one model, and asks it once more if its failure may pass soon. Resolves to undefined if it gives no answer.
 * `hasNext` says that the reply can then go on with another model or wait for one.
 * @throws ReplyStoppedError
 */
async function askCandidate(
  progress: Progress,
  candidate: ModelCandidate,
  hasNext: boolean,
): Promise<ReplyOutcome | undefined> {
  const { ctx, lease } = progress
  for (let callsToModel = 1; ; callsToModel++) {
    if (progress.isAttemptUsed) await lease.startNextAttempt()
    progress.isAttemptUsed = true
    const result = await callWithinLimits(progress, candidate)
    if ('outcome' in result) return result.outcome
    const { failure, isShown = false, isFull = false } = result
    const decision = decideAfterFailure(failure, { callsToModel, hasNext, isShown }, ctx.clock.random())
    logFailure(ctx, lease, candidate, failure, decision)
    if (decision.delayMs === null) {
      const { id } = candidate
      progress.failedModels.push({ model_id: id, code: failure.code })
      if (decision.next === 'busy') progress.busyRefusals.push({ id, retryAfterMs: failure.retryAfterMs, isFull })
      return undefined
    }
    if (!(await sleepUnlessStopped(ctx, lease, decision.delayMs))) throw getStoppedError(lease)
  }
}

/** `isShown` says that a reader saw a part of the answer, `isFull` that the model has no free slot. */
type CallResult = { outcome: ReplyOutcome } | { failure: LlmError; isShown?: boolean; isFull?: boolean }

/** Makes one call, if the budgets and the model's limits have room for it. @throws ReplyStoppedError */
async function callWithinLimits(progress: Progress, candidate: ModelCandidate): Promise<CallResult> {
  const { ctx, context, lease } = progress
  const draft = createDraft()
  const prompt = buildPrompt(context, candidate, ctx.promptSettings)
  const request = createRequest(context, prompt, progress.failedModels)
  const call: AttemptedCall = { draft, prompt, modelName: candidate.llm.model }
  const maxSpend = estimateMaxSpend(candidate, request.turns)
  if (!(await ctx.replies.reserve(lease.ref, maxSpend))) return { failure: createBudgetError() }
  const refusal = await takeSlot(progress, candidate, maxSpend.tokens)
  if (refusal) return { failure: refusal, isFull: true }
  progress.calls += 1
  progress.lastCall = call
  const result = await askModel(ctx, candidate, { request, prompt }, lease, draft)
  const isShown = !isBlank(draft.text)
  if (isShown) progress.lastShownCall = call
  if ('reviewed' in result) return { outcome: toAnswerOutcome(progress, draft, result.reviewed) }
  if (result.failure instanceof ReplyStoppedError) throw result.failure
  return { failure: result.failure, isShown }
}

/** Takes a slot if the calls of the model are limited. Resolves to the refusal if the model has no free slot. */
async function takeSlot(
  { ctx, lease, slotModelIds }: Progress,
  { id: model_id, capacity }: ModelCandidate,
  tokens: number,
): Promise<LlmError | undefined> {
  if (!capacity) return undefined
  const decision = await ctx.replies.takeSlot(lease.ref, { model_id, capacity, tokens })
  if (decision.isGranted) {
    slotModelIds.add(model_id)
    return undefined
  }
  const { retryAfterMs } = decision
  const options = { transient: true, status: TOO_MANY_REQUESTS, ...(retryAfterMs !== null && { retryAfterMs }) }
  return new LlmError('llm_rate_limited', 'the model has no room for another call', options)
}

const TOO_MANY_REQUESTS = 429

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

/** Resolves to false if the lease stopped before the time was over. */
const sleepUnlessStopped = (ctx: AnswerContext, lease: Lease, ms: number): Promise<boolean> =>
  ctx.clock.sleep(ms, lease.signal).then(
    () => true,
    () => false,
  )

/**
 * Returns the end of a reply that its asker has cancelled, with the model and the text of the last call that showed
 * some text. If no call did, the model is that of the last call. Without a call, no model is named.
 */
function toCancelledOutcome({ lastCall, lastShownCall = lastCall, calls }: Progress): ReplyOutcome {
  if (!lastShownCall) return { type: 'chat', content: { content: '', ...createCancelledFields(calls) } }
  const { content, findings } = reviewDraft(lastShownCall.draft, lastShownCall.prompt)
  return { type: 'chat', content: { ...content, ...createCancelledFields(calls, lastShownCall.modelName) }, findings }
}

export function createCancelledFields(calls: number, modelName?: string) {
  return { ...(modelName && { model: modelName }), finish_reason: 'cancelled' as const, attempts: calls }
}

/** Returns the failure of the last model, with the text of the last call that showed some text to a reader. */
function toFailedOutcome({ context, calls, failedModels, lastShownCall }: Progress): ReplyOutcome {
  const code = failedModels.at(-1)?.code ?? 'internal'
  const content: MessageContent = createFailureContent(code, detectQuestionLanguage(context), calls)
  const shown = lastShownCall && reviewPartial(lastShownCall.draft, lastShownCall.prompt)
  return shown
    ? { type: 'error', content: { ...content, partial: shown.partial }, findings: shown.findings }
    : { type: 'error', content }
}

function toAnswerOutcome(
  { calls, failedModels: [firstFailed] }: Progress,
  { finish }: Draft,
  { content, findings }: ReviewedDraft,
): ReplyOutcome {
  const outcomeFields = {
    // The provider reports the model's name, so it may have characters that MySQL does not store.
    ...(finish && { model: repairText(finish.model), finish_reason: finish.reason, usage: finish.usage }),
    ...(firstFailed && {
      finish_reason: 'fallback' as const,
      fallback: { from: firstFailed.model_id, code: firstFailed.code },
    }),
    attempts: calls,
  }
  return { type: 'chat', content: { ...content, ...outcomeFields }, findings }
}

function logFailure(
  ctx: AnswerContext,
  { ref }: Lease,
  { id }: ModelCandidate,
  failure: LlmError,
  { next, delayMs }: FailureDecision,
): void {
  const { code, transient } = failure
  const fields = { ...ref, model: id, code, transient, delay_ms: delayMs, reason: next }
  if (next === 'busy') ctx.log.warn('EngineerChat.llm_call_failed', fields)
  else ctx.log.error('EngineerChat.llm_call_failed', fields, failure)
}
