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
  /** A prompt contains at most this many messages of the session. A round has two: a question and its answer. */
  historyLimit: number
}

/**
 * Returns the prompt that the first model would get if the caller sent this message. It stores nothing, calls no model,
 * and checks neither budgets nor the limit of rounds nor the idempotency key.
 * @throws ChatError as `sendMessage` does, except for what is not checked
 */
export async function previewMessage(ctx: PreviewContext, caller: Principal, input: SendMessage): Promise<Preview> {
  requirePerson(caller)
  const question = trimAndCheckText(input.message)
  const requestedModelId = input.model ?? null
  refuseUnknownModel(ctx.models, requestedModelId)
  const rights = await requireRights(ctx, caller, input.event_id)
  if (!rights.ask) throw new ChatError('forbidden', 'Observers may not ask.')

  const context = await readPreviewContext(ctx, caller, input, question)
  const [model] = listModelChain(ctx.models, requestedModelId, context.event)
  if (!model) throw new ChatError('tlp_forbids_model')
  const prompt = buildPrompt(context, model, ctx.promptSettings)
  const { turns, prompt_version, tokens, maxTokens, redactions: hidden, sources } = prompt
  return {
    model: model.id,
    provider: model.provider,
    // The offline analyst gets no turns, so its prompt does not leave the server.
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

async function readPreviewContext(
  ctx: PreviewContext,
  caller: Principal,
  { event_id, session_id, visibility, quote: quoteRequest }: SendMessage,
  question: string,
): Promise<ReplyContext> {
  const session = await (session_id === undefined
    ? ctx.sessions.findActive(caller.user_id, event_id, visibility)
    : ctx.sessions.find(caller.user_id, session_id))
  const { user_id } = caller
  const requirement = { event_id, user_id, session_id: session_id ?? null, visibility: visibility ?? null }
  const quote = quoteRequest && (await findQuote(ctx, caller, event_id, quoteRequest))
  const refusal =
    findSessionRefusal(requirement, session) ?? findQuoteRefusal(quote, findVisibility(requirement, session))
  if (refusal) throw refusal
  const contextQuestion = {
    event_id,
    user_id,
    session_id: session?.session_id ?? null,
    question,
    ...(quote && { quote: quote.content }),
  }
  const contextLimits = toContextLimits(ctx)
  const context = await ctx.sources.findContext(contextQuestion, contextLimits)
  if (!context) throw new ChatError('event_not_found')
  return context
}
