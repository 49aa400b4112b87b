import { setEventMuted } from '@engineer-chat/chat/events'
import { markRead, postMessage, readTimeline } from '@engineer-chat/chat/rooms'
import { EventId, MarkRead, Message, MessagePage, PageQuery, PostMessage, SetMuted } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { createRunVerb } from '../http/run-verb.ts'

const tags = ['room']
const params = Type.Object({ event_id: EventId })

export function registerRoomRoutes(app: Api, deps: ApiDeps): void {
  registerMessages(app, deps)
  registerReaderState(app, deps)
}

function registerMessages(app: Api, deps: ApiDeps): void {
  const ctx = { ...deps.stores, bus: deps.bus, queue: deps.queue }
  const run = createRunVerb(deps)

  app.get(
    '/api/events/:event_id/messages',
    {
      schema: {
        tags,
        summary: 'List messages that the caller may see, the oldest first; the default is the newest page',
        params,
        querystring: PageQuery,
        response: { 200: MessagePage },
      },
    },
    (request) => run(request, readTimeline, ctx, { ...request.query, ...request.params }),
  )

  app.post(
    '/api/events/:event_id/messages',
    {
      schema: {
        tags,
        summary: 'Post a plain message or an agent’s message',
        params,
        body: PostMessage,
        response: { 201: Message },
      },
    },
    async (request, reply) => {
      const message = await run(request, postMessage, ctx, { ...request.body, ...request.params })
      return reply.code(201).send(message)
    },
  )
}

/** Registers the routes that store up to where the caller has read, and whether the caller wants notifications. */
function registerReaderState(app: Api, deps: ApiDeps): void {
  const run = createRunVerb(deps)

  app.put(
    '/api/events/:event_id/read',
    {
      schema: {
        tags,
        summary: 'Store the position up to which the caller has read',
        params,
        body: MarkRead,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await run(request, markRead, deps.stores, { ...request.body, ...request.params })
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/api/events/:event_id/notifications',
    {
      schema: {
        tags,
        summary: 'Mute or unmute an incident for the caller, on all devices',
        params,
        body: SetMuted,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await run(request, setEventMuted, deps.stores, { ...request.body, ...request.params })
      return reply.code(204).send(null)
    },
  )
}
