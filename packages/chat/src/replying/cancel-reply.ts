import type { Message } from '@engineer-chat/protocol'
import type { RightsLookup } from '../people/index.ts'
import { addIndicators, type OwnReplyStore } from '../rooms/index.ts'
import {
  type AuditContext,
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
 * Ends the caller's own reply if no worker has claimed it. If a worker has claimed it, asks the worker to end it: the
 * returned reply has not ended yet. A finished reply stays as it is.
 * @throws ChatError message_not_found, forbidden
 */
export async function cancelReply(
  ctx: { rights: RightsLookup; messages: OwnReplyStore; bus: RoomBus; queue: ReplyQueue },
  caller: Principal,
  { message_id }: { message_id: string },
  auditContext?: AuditContext,
): Promise<Message> {
  await getOwnReply(ctx, caller, message_id)
  const stored = await ctx.messages.cancel(caller.user_id, message_id)
  notifyRoomAndQueue(ctx, stored, auditContext)
  if (stored.claimed) ctx.bus.publishCancel(message_id)
  return addIndicators(stored.row.message)
}

cancelReply.report = {
  listShownEvents: listResultEvent,
  audit: ({ result }) => [describeAct('cancel', result)],
  log: ({ caller: { user_id }, result: { event_id, message_id, reply_to } }) => ({
    event: 'EngineerChat.reply_cancel_requested',
    fields: { user_id, event_id, message_id, reply_id: message_id, question_id: reply_to },
  }),
} satisfies VerbReport<{ message_id: string }, Message>
