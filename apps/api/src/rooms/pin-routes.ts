import { listPins, pinMessage, unpinMessage } from '@engineer-chat/chat/rooms'
import { EventId, Message, MessageId, PinsQuery } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createRunVerb } from '../http/run-verb.ts'

const tags = ['room']
const EventParams = Type.Object({ event_id: EventId })
const params = Type.Object({ ...EventParams.properties, message_id: MessageId })

/** Registers the routes of pins: messages that people keep as evidence. */
export function registerPinRoutes(app: Api, deps: ApiDeps): void {
  const ctx = { ...deps.stores, bus: deps.bus }
  const run = createRunVerb(deps)

  app.get(
    '/api/events/:event_id/pins',
    {
      schema: {
        tags,
        summary: 'List pinned messages in the order in which they were written',
        params: EventParams,
        querystring: PinsQuery,
        response: { 200: Paginated(Message) },
      },
    },
    (request) => run(request, listPins, ctx, { ...request.query, ...request.params }),
  )

  const url = '/api/events/:event_id/pins/:message_id'
  const response = { 200: Message }
  app.put(url, { schema: { tags, summary: 'Pin a message as evidence', params, response } }, (request) =>
    run(request, pinMessage, ctx, request.params),
  )
  app.delete(url, { schema: { tags, summary: 'Unpin a message', params, response } }, (request) =>
    run(request, unpinMessage, ctx, request.params),
  )
}
