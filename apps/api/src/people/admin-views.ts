import { auditAdminView } from '@engineer-chat/chat/people'
import type { FastifyRequest } from 'fastify'
import type { Api, ApiDeps } from '../deps.ts'
import { toAuditContext } from '../http/run-verb.ts'
import { getPrincipal } from './authenticate.ts'

/** Writes an audit entry before an admin who is not a member sees a restricted event. */
export function auditAdminViews(app: Api, { stores }: Pick<ApiDeps, 'stores'>): void {
  app.addHook('preHandler', async (request) => {
    const event_id = findEventId(request)
    if (request.method !== 'GET' || event_id === undefined) return
    const view = { event_id, detail: `GET ${request.routeOptions.url}` }
    await auditAdminView(stores, getPrincipal(request), view, toAuditContext(request))
  })
}

/** Finds the event whose data a route shows. The routes of administration only filter by an event. */
function findEventId({ params, query, routeOptions }: FastifyRequest): string | undefined {
  if (routeOptions.url?.startsWith('/api/admin/')) return undefined
  for (const part of [params, query]) {
    if (part !== null && typeof part === 'object' && 'event_id' in part && typeof part.event_id === 'string') {
      return part.event_id
    }
  }
  return undefined
}
