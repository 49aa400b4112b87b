import { listSessions, openSession, readHistory, readStatus, shareSession } from '@engineer-chat/chat/asking'
import { requirePerson } from '@engineer-chat/chat/people'
import {
  ChatHistory,
  ChatHistoryQuery,
  ChatSession,
  ChatStatus,
  CursorQuery,
  EventId,
  Model,
  NewSession,
  SessionId,
} from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createAuditRecorder } from '../people/audit-request.ts'
import { getPrincipal } from '../people/authenticate.ts'

const tags = ['engineer-chat']
const ofEvent = Type.Object({ event_id: EventId })

/** The caller's own sessions with the assistant. */
export function chatRoutes(app: Api, { config, stores, bus, models, log }: ApiDeps): void {
  const record = createAuditRecorder(stores.audit)
  const ctx = { ...stores, bus, maxRounds: config.sessions.maxRounds }

  app.get(
    '/api/engineer-chat/history',
    {
      schema: {
        tags,
        summary: 'A page of an own session, the active one if none is named',
        querystring: ChatHistoryQuery,
        response: { 200: ChatHistory },
      },
    },
    (request) => readHistory(ctx, getPrincipal(request), request.query),
  )

  app.get(
    '/api/engineer-chat/status',
    { schema: { tags, summary: 'Where the caller stands', querystring: ofEvent, response: { 200: ChatStatus } } },
    (request) => readStatus(ctx, getPrincipal(request), request.query),
  )

  app.get(
    '/api/engineer-chat/sessions',
    {
      schema: {
        tags,
        summary: 'The caller’s sessions, the newest first',
        querystring: Type.Object({ ...ofEvent.properties, ...CursorQuery.properties }),
        response: { 200: Paginated(ChatSession) },
      },
    },
    (request) => listSessions(ctx, getPrincipal(request), request.query),
  )

  app.post(
    '/api/engineer-chat/new-session',
    {
      schema: {
        tags,
        summary: 'Start a session; it becomes the active one',
        body: NewSession,
        response: { 201: ChatSession },
      },
    },
    async (request, reply) => {
      const session = await openSession(ctx, getPrincipal(request), request.body)
      const { session_id, event_id, user_id, visibility } = session
      log.info('EngineerChat.session_created', { request_id: request.id, user_id, event_id, session_id, visibility })
      return reply.code(201).send(session)
    },
  )

  app.post(
    '/api/engineer-chat/sessions/:session_id/share',
    {
      schema: {
        tags,
        summary: 'Show an own session to the people in the room',
        params: Type.Object({ session_id: SessionId }),
        response: { 200: ChatSession },
      },
    },
    async (request) => {
      const session = await shareSession(ctx, getPrincipal(request), request.params)
      const { session_id, event_id, user_id } = session
      await record(request, { action: 'share', object_type: 'session', object_id: session_id, event_id })
      log.info('EngineerChat.session_shared', { request_id: request.id, user_id, event_id, session_id })
      return session
    },
  )

  app.get(
    '/api/engineer-chat/models',
    { schema: { tags, summary: 'The models that may be chosen', response: { 200: Paginated(Model) } } },
    async (request) => {
      requirePerson(getPrincipal(request))
      return { items: listModels(models), next_cursor: null }
    },
  )
}

const listModels = (catalogue: ApiDeps['models']): Model[] =>
  catalogue.models.map(({ id, provider, context_window }) => ({
    id,
    provider,
    default: id === catalogue.default,
    ...(context_window !== null && { context_window }),
  }))
