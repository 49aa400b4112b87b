import { readHistory, readStatus } from '@engineer-chat/chat/asking'
import { ChatHistory, ChatHistoryQuery, ChatStatus, EventId } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { createRunVerb } from '../http/run-verb.ts'

const tags = ['engineer-chat']

/** Registers the routes that the war room's page reads before and during a conversation with the assistant. */
export function registerChatRoutes(app: Api, deps: ApiDeps): void {
  const ctx = { ...deps.stores, models: deps.models, maxRounds: deps.config.sessions.maxRounds }
  const run = createRunVerb(deps)

  app.get(
    '/api/engineer-chat/history',
    {
      schema: {
        tags,
        summary: 'List messages of one of the caller’s sessions; the default is the active session that was used last',
        querystring: ChatHistoryQuery,
        response: { 200: ChatHistory },
      },
    },
    (request) => run(request, readHistory, ctx, request.query),
  )

  app.get(
    '/api/engineer-chat/status',
    {
      schema: {
        tags,
        summary: 'Return the caller’s session, rounds and pending replies in an event, and the event with its summary',
        querystring: Type.Object({ event_id: EventId }),
        response: { 200: ChatStatus },
      },
    },
    (request) => run(request, readStatus, ctx, request.query),
  )
}
