import type { Message } from '@engineer-chat/protocol'
import { estimateReservation } from '../budgets/index.ts'
import { type Catalogue, listForbiddenTlp } from '../models/index.ts'
import type { RightsLookup } from '../people/index.ts'
import { addIndicators, type GetRetryReservation, type OwnReplyStore } from '../rooms/index.ts'
import {
  type AuditContext,
  ChatError,
  describeAct,
  listResultEvent,
  notifyRoomAndQueue,
  type Principal,
  type ReplyQueue,
  type RoomBus,
  type VerbReport,
} from '../shared/index.ts'
import { getOwnReply } from './get-own-reply.ts'

/**
 * Creates the function that returns the reservation of a retry. The created function throws `tlp_forbids_model` if no
 * model may answer the question now.
 */
export const createGetRetryReservation =
  (models: Catalogue): GetRetryReservation =>
  (requestedModelId, tlp) => {
    if (listForbiddenTlp(models, requestedModelId).includes(tlp)) throw new ChatError('tlp_forbids_model')
    return estimateReservation(models, requestedModelId, tlp)
  }

/**
 * Retries a finished reply: its question is asked again. The reply must be the caller's own. An unfinished reply stays
 * as it is.
 * @throws ChatError message_not_found, message_pinned, forbidden, tlp_forbids_model, budget_exceeded
 */
export async function retryReply(
  ctx: { rights: RightsLookup; messages: OwnReplyStore; bus: RoomBus; queue: ReplyQueue; models: Catalogue },
  caller: Principal,
  { message_id }: { message_id: string },
  auditContext?: AuditContext,
): Promise<Message> {
  const { rights } = await getOwnReply(ctx, caller, message_id)
  if (!rights.ask) throw new ChatError('forbidden', 'Observers may not ask.')
  const getReservation = createGetRetryReservation(ctx.models)
  const { request_id } = auditContext ?? {}
  const retried = await ctx.messages.retry(caller.user_id, message_id, getReservation, { request_id })
  notifyRoomAndQueue(ctx, retried, auditContext)
  return addIndicators(retried.row.message)
}

retryReply.report = {
  listShownEvents: listResultEvent,
  audit: ({ result: { message_id, event_id } }) => [describeAct('retry', { message_id, event_id })],
  log: ({ caller: { user_id }, result: { event_id, message_id, reply_to } }) => ({
    event: 'EngineerChat.reply_retry_requested',
    fields: { user_id, event_id, message_id, reply_id: message_id, question_id: reply_to },
  }),
} satisfies VerbReport<{ message_id: string }, Message>
