import { addSummary, listSummaries } from '@engineer-chat/chat/events'
import { CreateSummary, CursorQuery, EventId, EventSummary } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createRunVerb } from '../http/run-verb.ts'

const tags = ['events']
const params = Type.Object({ event_id: EventId })

export function registerSummaryRoutes(app: Api, deps: ApiDeps): void {
  const ctx = { ...deps.stores, bus: deps.bus }
  const run = createRunVerb(deps)

  app.get(
    '/api/events/:event_id/summaries',
    {
      schema: {
        tags,
        summary: 'List the event’s summaries, the newest first',
        params,
        querystring: CursorQuery,
        response: { 200: Paginated(EventSummary) },
      },
    },
    (request) => run(request, listSummaries, ctx, { ...request.query, ...request.params }),
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
      const summary = await run(request, addSummary, ctx, { ...request.body, ...request.params })
      return reply.code(201).send(summary)
    },
  )
}
