import { createEvent, listEvents, readEvent, updateEvent } from '@engineer-chat/chat/events'
import { CreateEvent, CursorQuery, Event, EventId, UpdateEvent } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createAuditRecorder, describeChanges } from '../people/audit-request.ts'
import { getPrincipal } from '../people/authenticate.ts'

const tags = ['events']
const params = Type.Object({ event_id: EventId })

export function eventRoutes(app: Api, { stores, bus, log }: ApiDeps): void {
  const ctx = { ...stores, bus }
  const record = createAuditRecorder(stores.audit)

  app.get(
    '/api/events',
    {
      schema: {
        tags,
        summary: 'The incidents that the caller may enter, the newest first',
        querystring: CursorQuery,
        response: { 200: Paginated(Event) },
      },
    },
    (request) => listEvents(ctx, getPrincipal(request), request.query),
  )

  app.post(
    '/api/events',
    { schema: { tags, summary: 'Open an incident', body: CreateEvent, response: { 201: Event } } },
    async (request, reply) => {
      const caller = getPrincipal(request)
      const event = await createEvent(ctx, caller, request.body)
      const { event_id, severity, access } = event
      const what = { object_type: 'event', object_id: event_id, event_id } as const
      await record(request, { action: 'event_created', ...what, detail: describeChanges({ severity, access }) })
      log.info('EngineerChat.event_created', { request_id: request.id, user_id: caller.user_id, event_id })
      return reply.code(201).send(event)
    },
  )

  app.get(
    '/api/events/:event_id',
    { schema: { tags, summary: 'One incident', params, response: { 200: Event } } },
    (request) => readEvent(ctx, getPrincipal(request), request.params),
  )

  app.patch(
    '/api/events/:event_id',
    { schema: { tags, summary: 'Change an incident', params, body: UpdateEvent, response: { 200: Event } } },
    async (request) => {
      const caller = getPrincipal(request)
      const event = await updateEvent(ctx, caller, { ...request.body, ...request.params })
      const { event_id, seq } = event
      const what = { object_type: 'event', object_id: event_id, event_id } as const
      await record(request, { action: 'event_updated', ...what, detail: describeChanges(request.body) })
      log.info('EngineerChat.event_updated', { request_id: request.id, user_id: caller.user_id, event_id, seq })
      return event
    },
  )
}
