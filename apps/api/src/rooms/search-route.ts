import { searchRoom } from '@engineer-chat/chat/rooms'
import { EventId, SearchPage, SearchQuery } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { enforceLimit, type RateLimits } from '../http/rate-limits.ts'
import { createRunVerb } from '../http/run-verb.ts'

export function registerSearchRoute(app: Api, deps: ApiDeps, limits: RateLimits): void {
  const ctx = { ...deps.stores, maxSearchedMessages: deps.config.http.searchMaxMessages }
  const run = createRunVerb(deps)
  app.get(
    '/api/events/:event_id/search',
    {
      preHandler: async (request, reply) => enforceLimit(limits.searches, request, reply),
      schema: {
        tags: ['room'],
        summary: 'Search messages by text, by agent, or by both, the newest first',
        params: Type.Object({ event_id: EventId }),
        querystring: SearchQuery,
        response: { 200: SearchPage },
      },
    },
    (request) => run(request, searchRoom, ctx, { ...request.query, ...request.params }),
  )
}
