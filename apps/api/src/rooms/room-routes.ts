import { markRead, postMessage, readTimeline } from '@engineer-chat/chat/rooms'
import { EventId, MarkRead, Message, MessagePage, PageQuery, PostMessage } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { getPrincipal } from '../people/authenticate.ts'

const tags = ['room']
const params = Type.Object({ event_id: EventId })

export function roomRoutes(app: Api, { stores, bus, queue, log }: ApiDeps): void {
  const ctx = { ...stores, bus, queue }

  app.get(
    '/api/events/:event_id/messages',
    {
      schema: {
        tags,
        summary: 'The timeline as the caller sees it, oldest first; the newest page without a place',
        params,
        querystring: PageQuery,
        response: { 200: MessagePage },
      },
    },
    (request) => readTimeline(ctx, getPrincipal(request), { ...request.query, ...request.params }),
  )

  app.post(
    '/api/events/:event_id/messages',
    {
      schema: {
        tags,
        summary: 'A plain message, or an agent’s',
        params,
        body: PostMessage,
        response: { 201: Message },
      },
    },
    async (request, reply) => {
      const caller = getPrincipal(request)
      const message = await postMessage(ctx, caller, { ...request.body, ...request.params })
      const { event_id, message_id, message_category: category } = message
      const fields = { request_id: request.id, user_id: caller.user_id, event_id, message_id, category }
      log.info('EngineerChat.message_posted', fields)
      return reply.code(201).send(message)
    },
  )

  app.put(
    '/api/events/:event_id/read',
    {
      schema: { tags, summary: 'How far the caller has read', params, body: MarkRead, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await markRead(ctx, getPrincipal(request), { ...request.body, ...request.params })
      return reply.code(204).send(null)
    },
  )
}
