import type { Usage } from '@engineer-chat/protocol'
import { computeCost, estimateUsage, NO_SPEND, toSpend } from '../budgets/index.ts'
import { isFromBusyModel, LlmError, type LlmRequest, type ModelCandidate } from '../models/index.ts'
import { filterReplyStream, type PreparedPrompt } from '../prompting/index.ts'
import { type ReplyRef, sha256 } from '../shared/index.ts'
import type { AnswerContext } from './answer-context.ts'
import { callModel, type Draft } from './call-model.ts'
import { toLlmError } from './failures.ts'
import { getStoppedError, type Lease, ReplyStoppedError } from './lease.ts'
import type { LlmCall } from './reply-store.ts'
import { type ReviewedDraft, reviewDraft } from './review-draft.ts'

/** Holds the complete answer of one call, or the error that ended it. */
type CallEnd = { reviewed: ReviewedDraft } | { failure: LlmError | ReplyStoppedError }

/**
 * Makes one call to a model with `callModel`, reviews the answer and records the call. A failed call resolves to its
 * failure. In either case, readers see the text while it arrives, and `draft` keeps it.
 */
export async function askModel(
  ctx: AnswerContext,
  candidate: ModelCandidate,
  { request, prompt }: { request: LlmRequest; prompt: PreparedPrompt },
  lease: Lease,
  draft: Draft,
): Promise<CallEnd> {
  const { ref } = lease
  const { llm, limits } = candidate
  const startedAtMs = ctx.clock.now()
  const replyStream = filterReplyStream(ctx.replyStreams.open(ref, request.context.event.event_id))
  let result: CallEnd
  try {
    await callModel(
      { llm, request, restorer: prompt.createRestorer(), replyStream, clock: ctx.clock, limits },
      draft,
      lease.signal,
    )
    // The provider's count of tokens corrects the next estimate for this model. `recordCall` below books the spend.
    if (draft.finish?.usage) prompt.recordUsage(draft.finish.usage)
    result = { reviewed: reviewVisibleAnswer(draft, prompt) }
  } catch (error) {
    // After the lease has stopped the writing, any error counts as this stop.
    result = { failure: lease.signal.aborted ? getStoppedError(lease) : toLlmError(error) }
  }
  replyStream.end()
  const total_ms = ctx.clock.now() - startedAtMs
  const failure = 'failure' in result ? result.failure : undefined
  const call = { ...ref, ...createCallRecord(candidate, request, draft, failure), total_ms }
  await ctx.replies
    .recordCall({ ...call, prompt: ctx.arePromptsKept ? JSON.stringify(request.turns) : null })
    .catch((cause) => ctx.log.error('EngineerChat.llm_call_not_recorded', { message_id: ref.message_id }, cause))
  const { model, outcome, error_code, first_token_ms } = call
  const fields = { ...ref, model, outcome, code: error_code, first_token_ms, duration_ms: total_ms }
  ctx.log.info('EngineerChat.llm_call_ended', fields)
  if (draft.finish?.usage) await settleSlot(ctx, candidate, ref, draft.finish.usage)
  return result
}

/** Reviews the draft. @throws LlmError if the review leaves nothing that a reader would see */
function reviewVisibleAnswer(draft: Draft, prompt: PreparedPrompt): ReviewedDraft {
  const reviewed = reviewDraft(draft, prompt)
  if (reviewed.isBlank)
    throw new LlmError('llm_empty_answer', 'the answer is blank after the filter', { transient: true })
  return reviewed
}

function createCallRecord(
  { id, llm, provider, prices }: ModelCandidate,
  { turns }: LlmRequest,
  { text, reasoning, finish, firstTokenMs }: Draft,
  failure: LlmError | ReplyStoppedError | undefined,
): Omit<LlmCall, 'message_id' | 'attempt' | 'total_ms' | 'prompt'> {
  const usage = finish?.usage ?? null
  // Without a count of tokens, a call is free only if it ended before its first token. A call that breaks off later
  // costs money, so its tokens are estimated.
  const isFree = provider === 'offline' || (usage === null && firstTokenMs === null)
  const isBusy = failure instanceof LlmError && isFromBusyModel(failure)
  return {
    model: finish?.model ?? llm.model,
    model_id: id,
    outcome: toCallOutcome(failure),
    error_code: failure instanceof LlmError ? failure.code : null,
    usage,
    first_token_ms: firstTokenMs,
    cost_micros: usage && computeCost(prices, usage),
    prompt_hash: sha256(JSON.stringify(turns)),
    isFromBreaker: failure instanceof LlmError && failure.isFromBreaker,
    isFromBusyModel: isBusy,
    keepsReservation: isFree && isBusy,
    spent: isFree ? NO_SPEND : toSpend(prices, usage ?? estimateUsage(turns, reasoning + text)),
  }
}

function toCallOutcome(failure: LlmError | ReplyStoppedError | undefined): LlmCall['outcome'] {
  if (failure === undefined) return 'ok'
  return failure instanceof ReplyStoppedError ? 'cancelled' : 'failed'
}

/**
 * If the model has a limit of tokens per minute, the tokens that the provider counted replace the estimate of this call
 * in the limit. If the store fails, the estimate stays.
 */
async function settleSlot(
  ctx: AnswerContext,
  { id, capacity }: ModelCandidate,
  ref: ReplyRef,
  { prompt_tokens, completion_tokens }: Usage,
): Promise<void> {
  if (capacity?.tokensPerMinute == null) return
  await ctx.replies
    .settleSlot(ref, id, prompt_tokens + completion_tokens)
    .catch((cause) => ctx.log.error('EngineerChat.slot_not_settled', { message_id: ref.message_id }, cause))
}
