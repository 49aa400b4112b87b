import type { ChatCounters } from '@engineer-chat/adapters/metrics'
import { cancelReply, retryReply } from '@engineer-chat/chat/replying'
import { giveFeedback } from '@engineer-chat/chat/reviews'
import { Feedback, FeedbackGiven, Message, MessageId } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { createAuditRecorder } from '../people/audit-request.ts'
import { getPrincipal } from '../people/authenticate.ts'

const tags = ['engineer-chat']
const params = Type.Object({ message_id: MessageId })

/** What the asker does with a reply. */
export function replyRoutes(app: Api, deps: ApiDeps, counted: ChatCounters): void {
  const { stores, bus, queue, models, log } = deps
  const record = createAuditRecorder(stores.audit)
  const ctx = { ...stores, bus, queue, models }

  app.post(
    '/api/engineer-chat/messages/:message_id/cancel',
    {
      schema: { tags, summary: 'End a reply; a finished one is answered as it is', params, response: { 200: Message } },
    },
    async (request) => {
      const caller = getPrincipal(request)
      const reply = await cancelReply(ctx, caller, request.params)
      const { message_id, event_id } = reply
      const fields = { request_id: request.id, user_id: caller.user_id, event_id, message_id }
      await record(request, { action: 'cancel', object_type: 'message', object_id: message_id, event_id })
      log.info('EngineerChat.reply_cancel_requested', fields)
      return reply
    },
  )

  app.post(
    '/api/engineer-chat/messages/:message_id/retry',
    { schema: { tags, summary: 'Ask again for a finished reply', params, response: { 200: Message } } },
    async (request) => {
      const caller = getPrincipal(request)
      const reply = await retryReply(ctx, caller, request.params)
      const { message_id, event_id } = reply
      const fields = { request_id: request.id, user_id: caller.user_id, event_id, message_id }
      await record(request, { action: 'retry', object_type: 'message', object_id: message_id, event_id })
      log.info('EngineerChat.reply_retry_requested', fields)
      return reply
    },
  )

  app.put(
    '/api/engineer-chat/messages/:message_id/feedback',
    { schema: { tags, summary: 'The asker’s verdict', params, body: Feedback, response: { 200: FeedbackGiven } } },
    async (request) => {
      const caller = getPrincipal(request)
      const given = await giveFeedback(ctx, caller, { ...request.body, ...request.params })
      const fields = { request_id: request.id, user_id: caller.user_id, message_id: given.message_id }
      counted.judged(given.rating)
      log.info('EngineerChat.feedback_given', { ...fields, reason: given.rating })
      return given
    },
  )
}
