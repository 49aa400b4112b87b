import type { MessageContent } from '@engineer-chat/protocol'
import type { ReplyContext } from '../model.ts'
import { type Claim, LlmError, type LlmRequest, type Outcome } from '../ports/index.ts'
import { languageOf, repairText } from '../text.ts'
import { callModel, type Draft, emptyDraft } from './call-model.ts'
import type { ReplyVerbContext } from './context.ts'
import { asLlmError, backoff, failureContent } from './failure.ts'
import { type Lease, Stop } from './lease.ts'
import { withoutMention } from './mention.ts'
import { buildPrompt } from './prompt.ts'

const MAX_CALLS = 2

/** Asks the model, twice at most, and says how the reply ends. @throws Stop when it isn't for us to say */
export async function answer(
  ctx: ReplyVerbContext,
  claim: Claim,
  context: ReplyContext,
  lease: Lease,
): Promise<Outcome> {
  const request: LlmRequest = { turns: buildPrompt(context), context, language: languageIn(context) }
  for (let call = 1; ; call++) {
    const draft = emptyDraft()
    const failure = await callOnce(ctx, claim, request, lease, draft)
    if (failure === undefined) return { type: 'chat', content: answered(draft, call) }
    if (failure instanceof Stop) return stopped(failure, draft, call, ctx.llm(claim.model).model)
    const wait = call < MAX_CALLS ? backoff(failure, ctx.clock.random()) : undefined
    log(ctx, lease, failure, wait)
    if (wait === undefined) return { type: 'error', content: failureContent(failure.code, request.language, call) }
    try {
      await ctx.clock.sleep(wait, lease.signal)
    } catch {
      return stopped(stopOf(lease), draft, call, ctx.llm(claim.model).model)
    }
    await lease.again()
  }
}

export const languageIn = ({ question }: ReplyContext): 'zh' | 'en' => languageOf(withoutMention(question))

/** Undefined: the draft is a complete answer. */
async function callOnce(
  ctx: ReplyVerbContext,
  claim: Claim,
  request: LlmRequest,
  lease: Lease,
  draft: Draft,
): Promise<LlmError | Stop | undefined> {
  const llm = ctx.llm(claim.model)
  const { ref } = lease
  const began = ctx.clock.now()
  const live = ctx.live.begin(ref, claim.row.message.event_id)
  let failure: LlmError | Stop | undefined
  try {
    await callModel({ llm, request, live, clock: ctx.clock, timeout_ms: ctx.callTimeoutMs }, draft, lease.signal)
  } catch (error) {
    failure = lease.signal.aborted ? stopOf(lease) : asLlmError(error)
  }
  live.end()
  const call = {
    ...ref,
    model: draft.finish?.model ?? llm.model,
    outcome: outcomeOf(failure),
    error_code: failure instanceof LlmError ? failure.code : null,
    usage: draft.finish?.usage ?? null,
    first_token_ms: draft.first_token_ms,
    total_ms: ctx.clock.now() - began,
  }
  ctx.replies
    .recordCall(call)
    .catch((cause) => ctx.log.error('EngineerChat.llm_call_not_recorded', { message_id: ref.message_id }, cause))
  return failure
}

function outcomeOf(failure: LlmError | Stop | undefined): 'ok' | 'cancelled' | 'failed' {
  if (failure === undefined) return 'ok'
  return failure instanceof Stop ? 'cancelled' : 'failed'
}

const stopOf = ({ signal }: Lease): Stop => (signal.reason instanceof Stop ? signal.reason : new Stop('shutdown'))

/** The one stop that ends the reply is its owner's; the others leave it to another worker. */
function stopped(stop: Stop, draft: Draft, calls: number, model: string): Outcome {
  if (stop.why !== 'cancelled') throw stop
  return { type: 'chat', content: cancelledContent(draft.text, calls, model) }
}

export function cancelledContent(text: string, calls: number, model: string): MessageContent {
  return { content: repairText(text), model, finish_reason: 'cancelled', attempts: calls }
}

function answered({ text, finish }: Draft, calls: number): MessageContent {
  return {
    content: repairText(text),
    ...(finish && { model: repairText(finish.model), finish_reason: finish.reason, usage: finish.usage }),
    attempts: calls,
  }
}

function log(ctx: ReplyVerbContext, { ref }: Lease, failure: LlmError, wait: number | undefined): void {
  const { code, transient } = failure
  ctx.log.error('EngineerChat.llm_call_failed', { ...ref, code, transient, delay_ms: wait ?? null }, failure)
}
