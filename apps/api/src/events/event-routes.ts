import { createEvent, listEvents, type RecentRowsCache, readEvent, updateEvent } from '@engineer-chat/chat/events'
import { CreateEvent, Event, EventId, ListEvents, ListedEvent, UpdateEvent } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createRunVerb } from '../http/run-verb.ts'

const tags = ['events']
const params = Type.Object({ event_id: EventId })

export function registerEventRoutes(app: Api, deps: ApiDeps, recentRows: RecentRowsCache): void {
  const ctx = { ...deps.stores, bus: deps.bus, recentRows }
  const run = createRunVerb(deps)

  app.get(
    '/api/events',
    {
      schema: {
        tags,
        summary: 'List the incidents that the caller may enter, the newest first, with the caller’s unread counts',
        querystring: ListEvents,
        response: { 200: Paginated(ListedEvent) },
      },
    },
    (request) => run(request, listEvents, ctx, request.query),
  )

  app.post(
    '/api/events',
    { schema: { tags, summary: 'Open an incident', body: CreateEvent, response: { 201: Event } } },
    async (request, reply) => reply.code(201).send(await run(request, createEvent, ctx, request.body)),
  )

  app.get(
    '/api/events/:event_id',
    { schema: { tags, summary: 'Return an incident', params, response: { 200: Event } } },
    (request) => run(request, readEvent, ctx, request.params),
  )

  app.patch(
    '/api/events/:event_id',
    { schema: { tags, summary: 'Change an incident', params, body: UpdateEvent, response: { 200: Event } } },
    (request) => run(request, updateEvent, ctx, { ...request.params, changes: request.body }),
  )
}
