import { requireAdmin } from '@engineer-chat/chat/people'
import { ChatError } from '@engineer-chat/chat/shared'
import { EventId } from '@engineer-chat/protocol'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createAuditRecorder } from '../people/audit-request.ts'
import { getPrincipal } from '../people/authenticate.ts'

const tags = ['operations']
const params = Type.Object({ event_id: EventId })

/** What no retention may remove. */
export function legalHoldRoutes(app: Api, { stores }: ApiDeps): void {
  const record = createAuditRecorder(stores.audit)
  const told = (request: FastifyRequest, event_id: string, held: boolean) =>
    record(request, {
      action: 'event_updated',
      object_type: 'event',
      object_id: event_id,
      event_id,
      detail: `legal_hold=${held}`,
    })

  app.get(
    '/api/admin/legal-holds',
    { schema: { tags, summary: 'Admin: events under a legal hold', response: { 200: Paginated(EventId) } } },
    async (request) => {
      requireAdmin(getPrincipal(request))
      return { items: await stores.upkeep.listLegalHolds(), next_cursor: null }
    },
  )

  app.put(
    '/api/admin/legal-holds/:event_id',
    {
      schema: {
        tags,
        summary: 'Admin: nothing of the event is removed from now on',
        params,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const caller = getPrincipal(request)
      requireAdmin(caller)
      const { event_id } = request.params
      if (!(await stores.events.find(event_id))) throw new ChatError('event_not_found')
      await stores.upkeep.addLegalHold(event_id, caller.user_id)
      await told(request, event_id, true)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/admin/legal-holds/:event_id',
    { schema: { tags, summary: 'Admin: lift the hold', params, response: { 204: Type.Null() } } },
    async (request, reply) => {
      requireAdmin(getPrincipal(request))
      const { event_id } = request.params
      await stores.upkeep.removeLegalHold(event_id)
      await told(request, event_id, false)
      return reply.code(204).send(null)
    },
  )
}
