import type { ChatCounters } from '@engineer-chat/adapters/metrics'
import { cancelReply, retryReply } from '@engineer-chat/chat/replying'
import { giveFeedback } from '@engineer-chat/chat/reviews'
import { Feedback, Message, MessageId, StoredFeedback } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { createRunVerb } from '../http/run-verb.ts'

const tags = ['engineer-chat']
const params = Type.Object({ message_id: MessageId })

/** Registers the routes of a reply, which only its asker may use. */
export function registerReplyRoutes(app: Api, deps: ApiDeps, counters: ChatCounters): void {
  const { stores, bus, queue, models } = deps
  const ctx = { ...stores, bus, queue, models }
  const run = createRunVerb(deps)

  app.post(
    '/api/engineer-chat/messages/:message_id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel a reply; a finished one is returned unchanged',
        params,
        response: { 200: Message },
      },
    },
    (request) => run(request, cancelReply, ctx, request.params),
  )

  app.post(
    '/api/engineer-chat/messages/:message_id/retry',
    { schema: { tags, summary: 'Retry a finished reply', params, response: { 200: Message } } },
    (request) => run(request, retryReply, ctx, request.params),
  )

  app.put(
    '/api/engineer-chat/messages/:message_id/feedback',
    {
      schema: { tags, summary: 'Store the asker’s rating', params, body: Feedback, response: { 200: StoredFeedback } },
    },
    async (request) => {
      const feedback = await run(request, giveFeedback, ctx, { ...request.body, ...request.params })
      counters.countRating(feedback.rating)
      return feedback
    },
  )
}
