import { listPins, pinMessage, unpinMessage } from '@engineer-chat/chat/rooms'
import { EventId, Message, MessageId, PinsQuery } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createAuditRecorder } from '../people/audit-request.ts'
import { getPrincipal } from '../people/authenticate.ts'

const tags = ['room']
const ofEvent = Type.Object({ event_id: EventId })
const params = Type.Object({ ...ofEvent.properties, message_id: MessageId })

/** The event's timeline of evidence. */
export function pinRoutes(app: Api, { stores, bus, log }: ApiDeps): void {
  const record = createAuditRecorder(stores.audit)
  const ctx = { ...stores, bus }

  app.get(
    '/api/events/:event_id/pins',
    {
      schema: {
        tags,
        summary: 'What is pinned, in the order in which it was said',
        params: ofEvent,
        querystring: PinsQuery,
        response: { 200: Paginated(Message) },
      },
    },
    (request) => listPins(ctx, getPrincipal(request), { ...request.query, ...request.params }),
  )

  for (const { method, verb, action, summary } of [
    { method: 'PUT', verb: pinMessage, action: 'pin', summary: 'Pin a message as evidence, at its own time' },
    { method: 'DELETE', verb: unpinMessage, action: 'unpin', summary: 'Take a message off the evidence' },
  ] as const) {
    app.route({
      method,
      url: '/api/events/:event_id/pins/:message_id',
      schema: { tags, summary, params, response: { 200: Message } },
      handler: async (request) => {
        const caller = getPrincipal(request)
        const message = await verb(ctx, caller, request.params)
        const { message_id, event_id, seq } = message
        await record(request, { action, object_type: 'message', object_id: message_id, event_id })
        const fields = { request_id: request.id, user_id: caller.user_id, event_id, message_id, seq }
        log.info(action === 'pin' ? 'EngineerChat.message_pinned' : 'EngineerChat.message_unpinned', fields)
        return message
      },
    })
  }
}
