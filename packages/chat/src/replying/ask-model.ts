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

type ModelResult = { reviewed: ReviewedDraft } | { failure: LlmError | ReplyStoppedError }

/**
 * Makes one call to a model, streams its text to readers and records the call. Resolves to the complete answer or to
 * the failure.
 */
export async function askModel(
  ctx: AnswerContext,
  candidate: ModelCandidate,
  { request, prompt }: { request: LlmRequest; prompt: PreparedPrompt },
  lease: Lease,
  draft: Draft,
): Promise<ModelResult> {
  const { ref } = lease
  const { llm, limits } = candidate
  const startedAtMs = ctx.clock.now()
  const replyStream = filterReplyStream(ctx.replyStreams.open(ref, request.context.event.event_id))
  let result: ModelResult
  try {
    await callModel(
      { llm, request, restorer: prompt.createRestorer(), replyStream, clock: ctx.clock, limits },
      draft,
      lease.signal,
    )
    // The counted tokens correct the next estimate for this model. `recordCall` books the spend.
    if (draft.finish?.usage) prompt.recordUsage(draft.finish.usage)
    result = { reviewed: requireVisibleAnswer(draft, prompt) }
  } catch (error) {
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

/** Returns the reviewed draft. @throws LlmError if the output filter leaves nothing that a reader would see */
function requireVisibleAnswer(draft: Draft, prompt: PreparedPrompt): ReviewedDraft {
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
  // A call that breaks off after its first token costs money, but reports no count of tokens, so it is not free.
  const isFree = provider === 'offline' || (usage === null && firstTokenMs === null)
  return {
    model: finish?.model ?? llm.model,
    model_id: id,
    outcome: toCallOutcome(failure),
    error_code: failure instanceof LlmError ? failure.code : null,
    usage,
    first_token_ms: firstTokenMs,
    cost_micros: usage && computeCost(prices, usage),
    prompt_hash: sha256(JSON.stringify(turns)),
    keepsReservation: isFree && failure instanceof LlmError && isFromBusyModel(failure),
    spent: isFree ? NO_SPEND : toSpend(prices, usage ?? estimateUsage(turns, reasoning + text)),
  }
}

function toCallOutcome(failure: LlmError | ReplyStoppedError | undefined): LlmCall['outcome'] {
  if (failure === undefined) return 'ok'
  return failure instanceof ReplyStoppedError ? 'cancelled' : 'failed'
}

/**
 * Replaces the call's estimated tokens by the counted ones in the model's limit per minute. If this fails, the estimate
 * stays.
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
