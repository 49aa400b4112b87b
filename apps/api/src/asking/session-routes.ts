import type { ChatCounters } from '@engineer-chat/adapters/metrics'
import { listSessions, openSession, shareSession } from '@engineer-chat/chat/asking'
import { ChatSession, CursorQuery, EventId, NewSession, SessionId } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createRunVerb } from '../http/run-verb.ts'

const tags = ['engineer-chat']

/** Registers the routes of the caller's own sessions with the assistant. */
export function registerSessionRoutes(app: Api, deps: ApiDeps, { countEndedSession }: ChatCounters): void {
  const { stores, bus, config } = deps
  const ctx = { ...stores, bus, maxRounds: config.sessions.maxRounds, countEndedSession }
  const run = createRunVerb(deps)

  app.get(
    '/api/engineer-chat/sessions',
    {
      schema: {
        tags,
        summary: 'List the caller’s sessions, the newest first',
        querystring: Type.Object({ event_id: EventId, ...CursorQuery.properties }),
        response: { 200: Paginated(ChatSession) },
      },
    },
    (request) => run(request, listSessions, ctx, request.query),
  )

  app.post(
    '/api/engineer-chat/new-session',
    {
      schema: {
        tags,
        summary: 'Start a private or shared session, which becomes the caller’s active one of this kind',
        body: NewSession,
        response: { 201: ChatSession },
      },
    },
    async (request, reply) => reply.code(201).send(await run(request, openSession, ctx, request.body)),
  )

  app.post(
    '/api/engineer-chat/sessions/:session_id/share',
    {
      schema: {
        tags,
        summary: 'Share a session of the caller with the people in the room',
        params: Type.Object({ session_id: SessionId }),
        response: { 200: ChatSession },
      },
    },
    (request) => run(request, shareSession, ctx, request.params),
  )
}
