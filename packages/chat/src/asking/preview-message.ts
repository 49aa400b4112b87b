import type { Preview, SendMessage } from '@engineer-chat/protocol'
import { type Catalogue, listModelChain, refuseUnknownModel } from '../models/index.ts'
import { type RightsLookup, requirePerson, requireRights } from '../people/index.ts'
import { buildPrompt, type PromptSettings, type SourceStore, toContextLimits } from '../prompting/index.ts'
import { findQuote, findQuoteRefusal, type Timeline } from '../rooms/index.ts'
import {
  ChatError,
  listInputEvent,
  type Principal,
  type ReplyContext,
  trimAndCheckText,
  type VerbReport,
} from '../shared/index.ts'
import { findSessionRefusal, findVisibility } from './session-rules.ts'
import type { SessionStore } from './session-store.ts'

export interface PreviewContext {
  rights: RightsLookup
  sessions: SessionStore
  sources: SourceStore
  timeline: Pick<Timeline, 'findMessage'>
  models: Catalogue
  promptSettings: PromptSettings
  /** Limits the earlier messages of the session in a prompt. A round has two messages: a question and its answer. */
  historyLimit: number
}

/**
 * Returns the prompt that the first model of the chain would get if the caller sent this message. It stores nothing and
 * calls no model. It does not check the budgets, the limit of rounds or the idempotency key.
 * @throws ChatError like `sendMessage`, but none of the errors of these three checks
 */
export async function previewMessage(ctx: PreviewContext, caller: Principal, input: SendMessage): Promise<Preview> {
  requirePerson(caller)
  const questionText = trimAndCheckText(input.message)
  const requestedModelId = input.model ?? null
  refuseUnknownModel(ctx.models, requestedModelId)
  const rights = await requireRights(ctx, caller, input.event_id)
  if (!rights.ask) throw new ChatError('forbidden', 'Observers may not ask.')

  const replyContext = await readReplyContext(ctx, caller, input, questionText)
  const [model] = listModelChain(ctx.models, requestedModelId, replyContext.event)
  if (!model) throw new ChatError('tlp_forbids_model')
  const prompt = buildPrompt(replyContext, model, ctx.promptSettings)
  const { turns, prompt_version, tokens, maxTokens, redactions: hidden, sources } = prompt
  return {
    model: model.id,
    provider: model.provider,
    // True if the prompt leaves the server. The offline analyst runs in the server and gets no turns.
    leaves: turns.length > 0,
    prompt_version,
    turns,
    sources,
    estimated_tokens: tokens,
    budget_tokens: maxTokens,
    hidden,
  }
}

previewMessage.report = { listShownEvents: listInputEvent } satisfies VerbReport<SendMessage, Preview>

async function readReplyContext(
  ctx: PreviewContext,
  caller: Principal,
  { event_id, session_id, visibility, quote: quoteRequest }: SendMessage,
  questionText: string,
): Promise<ReplyContext> {
  const session = await (session_id === undefined
    ? ctx.sessions.findActive(caller.user_id, event_id, visibility)
    : ctx.sessions.find(caller.user_id, session_id))
  const { user_id } = caller
  const sessionRequirement = { event_id, user_id, session_id: session_id ?? null, visibility: visibility ?? null }
  const quote = quoteRequest && (await findQuote(ctx, caller, event_id, quoteRequest))
  const refusal =
    findSessionRefusal(sessionRequirement, session) ??
    findQuoteRefusal(quote, findVisibility(sessionRequirement, session))
  if (refusal) throw refusal
  const questionToPreview = {
    event_id,
    user_id,
    session_id: session?.session_id ?? null,
    question: questionText,
    ...(quote && { quote: quote.content }),
  }
  const replyContext = await ctx.sources.findContext(questionToPreview, toContextLimits(ctx))
  if (!replyContext) throw new ChatError('event_not_found')
  return replyContext
}
