import { liftLegalHold, listLegalHolds, placeLegalHold } from '@engineer-chat/chat/operations'
import { EventId } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createRunVerb } from '../http/run-verb.ts'

const tags = ['operations']
const params = Type.Object({ event_id: EventId })
const response = { 204: Type.Null() }

/** Registers the routes of legal holds. While an event is under a legal hold, none of its data is removed. */
export function registerLegalHoldRoutes(app: Api, deps: ApiDeps): void {
  const ctx = deps.stores
  const run = createRunVerb(deps)

  app.get(
    '/api/admin/legal-holds',
    { schema: { tags, summary: 'Admin: list events under a legal hold', response: { 200: Paginated(EventId) } } },
    (request) => run(request, listLegalHolds, ctx, {}),
  )

  app.put(
    '/api/admin/legal-holds/:event_id',
    {
      schema: {
        tags,
        summary: 'Admin: place a legal hold, which prevents every removal of the event’s data',
        params,
        response,
      },
    },
    async (request, reply) => {
      await run(request, placeLegalHold, ctx, request.params)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/admin/legal-holds/:event_id',
    { schema: { tags, summary: 'Admin: lift a legal hold', params, response } },
    async (request, reply) => {
      await run(request, liftLegalHold, ctx, request.params)
      return reply.code(204).send(null)
    },
  )
}
