import { amountOf, costOf, guessUsage, NOTHING } from '../budgets/index.ts'
import { type Candidate, LlmError, type LlmRequest } from '../models/index.ts'
import { type Briefing, filteredLive } from '../prompting/index.ts'
import { sha256 } from '../shared/index.ts'
import type { ReplyVerbContext } from './answer-context.ts'
import { callModel, type Draft } from './call-model.ts'
import { asLlmError } from './failure-content.ts'
import { type Lease, Stop, stopOf } from './lease.ts'
import type { LlmCall } from './reply-store.ts'
import { readDraft, type Said } from './said.ts'

/** Makes one call to a model, which is followed live and put on record. Gives the complete answer, or why there is none. */
export async function askModel(
  ctx: ReplyVerbContext,
  candidate: Candidate,
  { request, briefing }: { request: LlmRequest; briefing: Briefing },
  lease: Lease,
  draft: Draft,
): Promise<{ said: Said } | { failure: LlmError | Stop }> {
  const { ref } = lease
  const { llm, limits } = candidate
  const began = ctx.clock.now()
  const live = filteredLive(ctx.live.begin(ref, request.context.event.event_id))
  let said: Said | undefined
  let failure: LlmError | Stop | undefined
  try {
    await callModel({ llm, request, reader: briefing.reader(), live, clock: ctx.clock, limits }, draft, lease.signal)
    if (draft.finish?.usage) briefing.counted(draft.finish.usage)
    said = completeAnswer(draft, briefing)
  } catch (error) {
    failure = lease.signal.aborted ? stopOf(lease) : asLlmError(error)
  }
  live.end()
  const total_ms = ctx.clock.now() - began
  const call = { ...ref, ...recordOf(candidate, request, draft, failure), total_ms }
  await ctx.replies
    .recordCall({ ...call, prompt: ctx.keepPrompts ? JSON.stringify(request.turns) : null })
    .catch((cause) => ctx.log.error('EngineerChat.llm_call_not_recorded', { message_id: ref.message_id }, cause))
  return said ? { said } : { failure: failure ?? stopOf(lease) }
}

/** @throws LlmError when the output filter leaves nothing that a reader would see */
function completeAnswer(draft: Draft, briefing: Briefing): Said {
  const said = readDraft(draft, briefing)
  if (said.isBlank) throw new LlmError('llm_empty_answer', 'the answer is blank after the filter', { transient: true })
  return said
}

function recordOf(
  { id, llm, provider, prices }: Candidate,
  { turns }: LlmRequest,
  { text, reasoning, finish, first_token_ms }: Draft,
  failure: LlmError | Stop | undefined,
): Omit<LlmCall, 'message_id' | 'attempt' | 'total_ms' | 'prompt'> {
  const usage = finish?.usage ?? null
  // What broke off after it had begun to answer is paid for, and gives no count.
  const isFree = provider === 'offline' || (usage === null && first_token_ms === null)
  return {
    model: finish?.model ?? llm.model,
    model_id: id,
    outcome: outcomeOf(failure),
    error_code: failure instanceof LlmError ? failure.code : null,
    usage,
    first_token_ms,
    cost_micros: usage && costOf(prices, usage),
    prompt_hash: sha256(JSON.stringify(turns)),
    spent: isFree ? NOTHING : amountOf(prices, usage ?? guessUsage(turns, reasoning + text)),
  }
}

function outcomeOf(failure: LlmError | Stop | undefined): LlmCall['outcome'] {
  if (failure === undefined) return 'ok'
  return failure instanceof Stop ? 'cancelled' : 'failed'
}
