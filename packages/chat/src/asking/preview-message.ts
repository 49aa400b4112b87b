import type { Preview, SendMessage } from '@engineer-chat/protocol'
import { type Catalogue, chainOf } from '../models/index.ts'
import { notAgent, type Rights, rightsIn } from '../people/index.ts'
import { type BriefingSettings, brief, type Materials, withMaterial } from '../prompting/index.ts'
import { type Caller, ChatError, personText, type ReplyContext } from '../shared/index.ts'
import type { SessionStore } from './session-store.ts'

export interface PreviewContext {
  rights: Rights
  sessions: SessionStore
  materials: Materials
  models: Catalogue
  briefing: BriefingSettings
  /** Messages, two to a turn. */
  historyLimit: number
}

/** What `send` would have the first model told; nothing is stored, and nobody is asked. @throws ChatError as `send` does */
export async function previewMessage(ctx: PreviewContext, caller: Caller, input: SendMessage): Promise<Preview> {
  notAgent(caller)
  const question = personText(input.message)
  const asked_for = input.model ?? null
  if (asked_for !== null && !ctx.models.models.some(({ id }) => id === asked_for)) throw new ChatError('model_unknown')
  const rights = await rightsIn(ctx, caller, input.event_id)
  if (!rights.ask) throw new ChatError('forbidden', 'Observers may not ask.')

  const context = await contextFor(ctx, caller, input, question)
  const [model] = chainOf(ctx.models, asked_for, context.event)
  if (!model) throw new ChatError('model_unknown')
  const { turns, prompt_version, tokens, budget, hidden } = brief(context, model, ctx.briefing)
  return {
    model: model.id,
    provider: model.provider,
    leaves: turns.length > 0,
    prompt_version,
    turns,
    estimated_tokens: tokens,
    budget_tokens: budget,
    hidden,
  }
}

async function contextFor(
  ctx: PreviewContext,
  caller: Caller,
  { event_id, session_id, visibility }: SendMessage,
  question: string,
): Promise<ReplyContext> {
  const session = await (session_id === undefined
    ? ctx.sessions.active(caller.user_id, event_id)
    : ctx.sessions.get(caller.user_id, session_id))
  if (session_id !== undefined && session?.event_id !== event_id) throw new ChatError('session_not_found')
  if (session && visibility !== undefined && visibility !== session.visibility) {
    throw new ChatError('session_visibility_mismatch')
  }
  const asked = { event_id, session_id: session?.session_id ?? null, question }
  const context = await ctx.materials.contextOf(asked, ctx.historyLimit)
  if (!context) throw new ChatError('event_not_found')
  return withMaterial(ctx.materials, context, caller.user_id)
}
