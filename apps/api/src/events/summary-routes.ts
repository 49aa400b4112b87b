import { addSummary, listSummaries } from '@engineer-chat/chat/events'
import { CreateSummary, CursorQuery, EventId, EventSummary } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { getPrincipal } from '../people/authenticate.ts'

const tags = ['events']
const params = Type.Object({ event_id: EventId })

export function summaryRoutes(app: Api, { stores, bus, log }: ApiDeps): void {
  const ctx = { ...stores, bus }

  app.get(
    '/api/events/:event_id/summaries',
    {
      schema: {
        tags,
        summary: 'Its summaries, the newest first',
        params,
        querystring: CursorQuery,
        response: { 200: Paginated(EventSummary) },
      },
    },
    (request) => listSummaries(ctx, getPrincipal(request), { ...request.query, ...request.params }),
  )

  app.post(
    '/api/events/:event_id/summaries',
    {
      schema: {
        tags,
        summary: 'Agent, admin: add a summary',
        params,
        body: CreateSummary,
        response: { 201: EventSummary },
      },
    },
    async (request, reply) => {
      const summary = await addSummary(ctx, getPrincipal(request), { ...request.body, ...request.params })
      const { event_id } = request.params
      log.info('EngineerChat.summary_added', { request_id: request.id, event_id, version: summary.version })
      return reply.code(201).send(summary)
    },
  )
}
