import type { SendMessage, SendResult } from '@engineer-chat/protocol'
import { estimateReservation } from '../budgets/index.ts'
import { type Catalogue, listForbiddenTlp, refuseUnknownModel } from '../models/index.ts'
import {
  type EventRights,
  type RightsLookup,
  requirePerson,
  requirePersonRights,
  requireRights,
} from '../people/index.ts'
import {
  type AskResult,
  addIndicators,
  type FoundQuote,
  findQuote,
  listHashedParts,
  type QuestionStore,
  type Timeline,
} from '../rooms/index.ts'
import {
  type AuditContext,
  ChatError,
  createId,
  createSessionId,
  listInputEvent,
  notifyRoomAndQueue,
  type Principal,
  type ReplyQueue,
  type RoomBus,
  sha256,
  trimAndCheckText,
  type VerbReport,
} from '../shared/index.ts'

export interface SendContext {
  rights: RightsLookup
  messages: QuestionStore
  timeline: Pick<Timeline, 'findMessage'>
  bus: RoomBus
  queue: ReplyQueue
  maxRounds: number
  models: Catalogue
}

/**
 * Stores a question and its unfinished reply, and notifies the room and the queue. With `auditContext`, the question's
 * audit entry is stored in the same transaction.
 * @throws ChatError validation_failed, event_not_found, forbidden, model_unknown, what `findQuote` and
 * `QuestionStore.ask` throw
 */
export async function sendMessage(
  ctx: SendContext,
  caller: Principal,
  input: SendMessage,
  auditContext?: AuditContext,
): Promise<SendResult> {
  requirePerson(caller)
  const text = trimAndCheckText(input.message)
  const requestedModelId = input.model ?? null
  const rights = await requireRights(ctx, caller, input.event_id)

  const request_hash = hashRequest(input, text)
  const { quote, earlierResult } = await checkOrFindEarlierResult(ctx, caller, rights, input, request_hash)
  if (earlierResult) return toSendResult(earlierResult, ctx.maxRounds)
  const result = await ctx.messages.ask({
    event_id: input.event_id,
    user_id: caller.user_id,
    text,
    ...(quote && { quote }),
    client_message_id: input.client_message_id ?? null,
    request_hash,
    session_id: input.session_id ?? null,
    visibility: input.visibility ?? null,
    model: requestedModelId,
    forbidden_tlp: listForbiddenTlp(ctx.models, requestedModelId),
    max_rounds: ctx.maxRounds,
    // Here `clear` stands for every label except red, because all of these labels allow the same models.
    reservation: estimateReservation(ctx.models, requestedModelId, 'clear'),
    red_reservation: estimateReservation(ctx.models, requestedModelId, 'red'),
    question_id: createId(),
    reply_id: createId(),
    new_session_id: createSessionId(input.event_id, caller.user_id),
    ...(auditContext && { auditContext }),
  })
  notifyRoomAndQueue(ctx, result, auditContext)
  return toSendResult(result, ctx.maxRounds)
}

sendMessage.report = {
  listShownEvents: listInputEvent,
  log: ({ caller: { user_id }, result: { session_id, user_message, ai_message } }) => {
    const { event_id, message_id } = user_message
    const ids = { question_id: message_id, reply_id: ai_message.message_id }
    return { event: 'EngineerChat.message_sent', fields: { user_id, event_id, session_id, message_id, ...ids } }
  },
} satisfies VerbReport<SendMessage, SendResult>

/**
 * Checks the question, and finds the text that it quotes, if it quotes one. The question may be refused now although an
 * earlier request with the same idempotency key and hash stored it, for example because the asker has become an
 * observer, the model was removed, or the quoted message has changed. In this case the function returns the result of
 * the earlier request instead. The key is looked up only then, because in all other cases `ask` recognizes it.
 */
async function checkOrFindEarlierResult(
  ctx: SendContext,
  caller: Principal,
  rights: EventRights,
  input: SendMessage,
  request_hash: string,
): Promise<{ quote?: FoundQuote; earlierResult?: AskResult }> {
  const { event_id, client_message_id, model = null, quote } = input
  try {
    if (!rights.ask) throw new ChatError('forbidden', 'Observers may not ask.')
    refuseUnknownModel(ctx.models, model)
    return quote ? { quote: await findQuote(ctx, caller, event_id, quote) } : {}
  } catch (error) {
    if (client_message_id === undefined) throw error
    const earlierResult = await ctx.messages.findAskResult(caller.user_id, client_message_id, request_hash)
    if (!earlierResult) throw error
    return { earlierResult }
  }
}

/**
 * Returns the result of an earlier request with the same idempotency key. Returns undefined if there was no earlier
 * request, or if this request has no key. A caller over the rate limit still gets the earlier result, because a
 * repeated request stores nothing new.
 * @throws ChatError validation_failed, event_not_found, forbidden, idempotency_mismatch
 */
export async function findEarlierSendResult(
  ctx: Pick<SendContext, 'rights' | 'messages' | 'maxRounds'>,
  caller: Principal,
  input: SendMessage,
): Promise<SendResult | undefined> {
  if (input.client_message_id === undefined) return undefined
  await requirePersonRights(ctx, caller, input.event_id)
  const request_hash = hashRequest(input, trimAndCheckText(input.message))
  const result = await ctx.messages.findAskResult(caller.user_id, input.client_message_id, request_hash)
  return result && toSendResult(result, ctx.maxRounds)
}

findEarlierSendResult.report = {
  listShownEvents: ({ input, result }) => (result ? [input.event_id] : []),
} satisfies VerbReport<SendMessage, SendResult | undefined>

/** Returns the same hash for repeated requests. The server compares it when an idempotency key is used again. */
function hashRequest(input: SendMessage, text: string): string {
  const { event_id, session_id, visibility, model, quote } = input
  return sha256(JSON.stringify([event_id, text, session_id, visibility, model, ...listHashedParts(quote)]))
}

function toSendResult(result: AskResult, maxRounds: number): SendResult {
  return {
    status: 'success',
    ai_processing: true,
    session_id: result.session_id,
    round: result.round,
    max_rounds: maxRounds,
    summary_updated: result.summary_updated,
    user_message: addIndicators(result.question.message),
    ai_message: addIndicators(result.reply.message),
  }
}
