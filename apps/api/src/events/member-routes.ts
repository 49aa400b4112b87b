import { listMembers, putMember, removeMember } from '@engineer-chat/chat/events'
import { listPeople } from '@engineer-chat/chat/people'
import { CursorQuery, EventId, EventMember, Person, PutMember, UserId } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createAuditRecorder } from '../people/audit-request.ts'
import { getPrincipal } from '../people/authenticate.ts'

const tags = ['events']
const ofEvent = Type.Object({ event_id: EventId })
const ofMember = Type.Object({ event_id: EventId, user_id: UserId })

export function memberRoutes(app: Api, { stores, bus, log }: ApiDeps): void {
  const ctx = { ...stores, bus }
  const record = createAuditRecorder(stores.audit)

  app.get(
    '/api/events/:event_id/members',
    {
      schema: {
        tags,
        summary: 'Who may enter a restricted event, and as what',
        params: ofEvent,
        querystring: CursorQuery,
        response: { 200: Paginated(EventMember) },
      },
    },
    (request) => listMembers(ctx, getPrincipal(request), { ...request.query, ...request.params }),
  )

  app.get(
    '/api/events/:event_id/people',
    {
      schema: {
        tags,
        summary: 'Names for the ids in a room: everybody but agents, and who of them may enter',
        params: ofEvent,
        querystring: CursorQuery,
        response: { 200: Paginated(Person) },
      },
    },
    (request) => listPeople(ctx, getPrincipal(request), { ...request.query, ...request.params }),
  )

  app.put(
    '/api/events/:event_id/members/:user_id',
    {
      schema: {
        tags,
        summary: 'Commander, admin: let a user enter, or change their role',
        params: ofMember,
        body: PutMember,
        response: { 200: EventMember },
      },
    },
    async (request) => {
      const member = await putMember(ctx, getPrincipal(request), { ...request.body, ...request.params })
      const { event_id, user_id: object_id } = request.params
      const what = { object_type: 'user', object_id, event_id } as const
      await record(request, { action: 'member_put', ...what, detail: `role=${member.role}` })
      log.info('EngineerChat.member_put', { request_id: request.id, ...request.params, role: member.role })
      return member
    },
  )

  app.delete(
    '/api/events/:event_id/members/:user_id',
    {
      schema: { tags, summary: 'Commander, admin: remove a member', params: ofMember, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await removeMember(ctx, getPrincipal(request), request.params)
      const { event_id, user_id: object_id } = request.params
      await record(request, { action: 'member_removed', object_type: 'user', object_id, event_id })
      log.info('EngineerChat.member_removed', { request_id: request.id, ...request.params })
      return reply.code(204).send(null)
    },
  )
}
