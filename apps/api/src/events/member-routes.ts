import { listMembers, putMember, removeMember } from '@engineer-chat/chat/events'
import { listPeople } from '@engineer-chat/chat/people'
import { CursorQuery, EventId, EventMember, Person, PutMember, UserId } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createRunVerb } from '../http/run-verb.ts'

const tags = ['events']
const EventParams = Type.Object({ event_id: EventId })
const MemberParams = Type.Object({ event_id: EventId, user_id: UserId })

export function registerMemberRoutes(app: Api, deps: ApiDeps): void {
  const ctx = { ...deps.stores, bus: deps.bus }
  const run = createRunVerb(deps)

  app.get(
    '/api/events/:event_id/members',
    {
      schema: {
        tags,
        summary: 'List the members of an event and their roles',
        params: EventParams,
        querystring: CursorQuery,
        response: { 200: Paginated(EventMember) },
      },
    },
    (request) => run(request, listMembers, ctx, { ...request.query, ...request.params }),
  )

  app.get(
    '/api/events/:event_id/people',
    {
      schema: {
        tags,
        summary: 'List all people, without agents, and whether each of them may enter the event',
        params: EventParams,
        querystring: CursorQuery,
        response: { 200: Paginated(Person) },
      },
    },
    (request) => run(request, listPeople, ctx, { ...request.query, ...request.params }),
  )

  app.put(
    '/api/events/:event_id/members/:user_id',
    {
      schema: {
        tags,
        summary: 'Commander, admin: add a member, or change the member’s role',
        params: MemberParams,
        body: PutMember,
        response: { 200: EventMember },
      },
    },
    (request) => run(request, putMember, ctx, { ...request.body, ...request.params }),
  )

  const schema = {
    tags,
    summary: 'Commander, admin: remove a member',
    params: MemberParams,
    response: { 204: Type.Null() },
  }
  app.delete('/api/events/:event_id/members/:user_id', { schema }, async (request, reply) => {
    await run(request, removeMember, ctx, request.params)
    return reply.code(204).send(null)
  })
}
