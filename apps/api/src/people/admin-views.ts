import type { FastifyRequest } from 'fastify'
import type { Api, ApiDeps } from '../deps.ts'
import { createAuditRecorder } from './audit-request.ts'
import { getPrincipal } from './authenticate.ts'

/** An admin who looks into a restricted event without being a member leaves a line before anything is shown. */
export function auditAdminViews(app: Api, { stores }: Pick<ApiDeps, 'stores'>): void {
  const record = createAuditRecorder(stores.audit)
  app.addHook('preHandler', async (request) => {
    const event_id = findEventId(request)
    const caller = getPrincipal(request)
    if (request.method !== 'GET' || caller.role !== 'admin' || event_id === undefined) return
    const membership = await stores.rights.findMembership(caller.user_id, event_id)
    if (membership?.access !== 'restricted' || membership.member !== null) return
    const detail = `GET ${request.routeOptions.url}`
    await record(request, { action: 'admin_view', object_type: 'event', object_id: event_id, event_id, detail })
  })
}

/** Which event's data a route shows; one that only filters by it shows none. */
function findEventId({ params, query, routeOptions }: FastifyRequest): string | undefined {
  if (routeOptions.url?.startsWith('/api/admin/')) return undefined
  for (const part of [params, query]) {
    if (part !== null && typeof part === 'object' && 'event_id' in part && typeof part.event_id === 'string') {
      return part.event_id
    }
  }
  return undefined
}
