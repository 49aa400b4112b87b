import type { AuditContext, AuditEntry, AuditLog } from '@engineer-chat/chat/shared'
import type { FastifyRequest } from 'fastify'
import { getPrincipal } from './authenticate.ts'

type AuditedAction = Pick<AuditEntry, 'action' | 'object_type' | 'object_id'> &
  Partial<Pick<AuditEntry, 'actor' | 'event_id' | 'detail'>>

export const toAuditContext = (request: FastifyRequest): AuditContext => ({
  address: request.ip,
  request_id: request.id,
})

/**
 * Writes one line about what this request did. To be waited for before the answer: what is said to be done has its line.
 * Without an `actor` it is whoever is calling.
 */
export function createAuditRecorder(audit: AuditLog): (request: FastifyRequest, what: AuditedAction) => Promise<void> {
  return async (request, { actor, event_id = null, detail = null, ...what }) => {
    const who = actor === undefined ? getPrincipal(request).user_id : actor
    await audit.write([{ ...what, ...toAuditContext(request), actor: who, event_id, detail }])
  }
}

const CODES = ['role', 'active', 'access', 'event_status', 'severity']

/** Which fields a request changed, and to what where that is a code; never a text or a password. */
export function describeChanges(body: object): string {
  return Object.entries(body)
    .map(([name, value]) => (CODES.includes(name) ? `${name}=${String(value)}` : name))
    .join(' ')
    .slice(0, 255)
}
