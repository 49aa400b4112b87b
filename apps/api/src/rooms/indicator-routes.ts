import { findSimilarEvents } from '@engineer-chat/chat/ranking'
import { listRoomIndicators, searchIndicators } from '@engineer-chat/chat/rooms'
import {
  EventId,
  FoundIndicator,
  IndicatorsQuery,
  RoomIndicator,
  RoomIndicatorsQuery,
  SimilarEvent,
  SimilarEventsQuery,
} from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { enforceLimit, type RateLimits } from '../http/rate-limits.ts'
import { createRunVerb } from '../http/run-verb.ts'

const tags = ['room']

/**
 * Registers the routes of indicators. Workers extract them from messages and from the reports of events, a few seconds
 * after these are stored.
 */
export function registerIndicatorRoutes(app: Api, deps: ApiDeps, limits: RateLimits): void {
  const run = createRunVerb(deps)

  app.get(
    '/api/events/:event_id/indicators',
    {
      schema: {
        tags,
        summary:
          'List a room’s indicators and in how many messages each occurs; those in the newest messages come first',
        params: Type.Object({ event_id: EventId }),
        querystring: RoomIndicatorsQuery,
        response: { 200: Paginated(RoomIndicator) },
      },
    },
    (request) => run(request, listRoomIndicators, deps.stores, { ...request.query, ...request.params }),
  )

  app.get(
    '/api/events/:event_id/similar',
    {
      preHandler: async (request, reply) => enforceLimit(limits.searches, request, reply),
      schema: {
        tags,
        summary:
          'List similar events: first those that share an indicator with this one, then those with a similar text',
        params: Type.Object({ event_id: EventId }),
        querystring: SimilarEventsQuery,
        response: { 200: Paginated(SimilarEvent) },
      },
    },
    (request) => run(request, findSimilarEvents, deps.stores, { ...request.query, ...request.params }),
  )

  app.get(
    '/api/indicators',
    {
      preHandler: async (request, reply) => enforceLimit(limits.searches, request, reply),
      schema: {
        tags,
        summary: 'Find indicators in all rooms that the caller may enter; those in the newest messages come first',
        querystring: IndicatorsQuery,
        response: { 200: Paginated(FoundIndicator) },
      },
    },
    (request) => run(request, searchIndicators, deps.stores, request.query),
  )
}
