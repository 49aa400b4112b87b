import {
  type AuditActor,
  type AuditContext,
  type AuditLog,
  describeAct,
  type Membership,
  type Principal,
} from '../../shared/index.ts'
import type { Rights } from '../rights.ts'

/** Returns true if an admin who is not a member looks into a restricted event. */
export function isAdminView(caller: Principal, membership: Membership | undefined): boolean {
  return caller.role === 'admin' && membership?.access === 'restricted' && membership.role === null
}

interface EventView {
  event_id: string
  /** Names the route or the socket frame that showed the event. */
  detail: string
}

/** Writes an entry if the caller enters the event only as an admin. Nothing may be shown before it resolves. */
export async function auditAdminView(
  ctx: { rights: Rights; audit: AuditLog },
  caller: Principal,
  view: EventView,
  auditContext: AuditContext,
): Promise<void> {
  if (caller.role !== 'admin') return
  const membership = await ctx.rights.findMembership(caller.user_id, view.event_id)
  if (isAdminView(caller, membership)) await writeAdminView(ctx.audit, view, { ...auditContext, actor: caller.user_id })
}

export function writeAdminView(audit: AuditLog, view: EventView, actor: AuditActor): Promise<void> {
  return audit.write([{ ...describeAct('admin_view', { object_type: 'event', ...view }), ...actor }])
}
