import { type AccessAndRole, type AuditedAct, describeAct, type Principal } from '../../shared/index.ts'
import type { RightsLookup } from '../rights.ts'

/** Returns true if only the role admin lets the caller in: the event is restricted, and the caller is no member. */
export function isAdminView(caller: Principal, accessAndRole: AccessAndRole | undefined): boolean {
  return caller.role === 'admin' && accessAndRole?.access === 'restricted' && accessAndRole.role === null
}

interface ShownEvents {
  /** An event may be listed more than once. */
  event_ids: readonly string[]
  /** Names the route that shows the events. It becomes the `detail` of the audit entries. */
  detail: string
}

/**
 * Describes an act `admin_view` for each event that only the role admin lets the caller enter. It looks up all events
 * concurrently, so that `RightsLookup` can combine their reads into one.
 */
export async function describeAdminViews(
  ctx: { rights: RightsLookup },
  caller: Principal,
  { event_ids, detail }: ShownEvents,
): Promise<AuditedAct[]> {
  if (caller.role !== 'admin') return []
  const pendingActs = [...new Set(event_ids)].map(async (event_id) => {
    const accessAndRole = await ctx.rights.findAccessAndRole(caller.user_id, event_id)
    return isAdminView(caller, accessAndRole)
      ? [describeAct('admin_view', { object_type: 'event', event_id, detail })]
      : []
  })
  return (await Promise.all(pendingActs)).flat()
}
