import { ChatError, type Principal } from '../shared/index.ts'
import { deriveEventRights, type EventRights } from './access.ts'
import type { RightsLookup } from './rights.ts'

/**
 * Returns the caller's rights in the event. Only the right to read is required. Without it the error is the same as for
 * an event that does not exist.
 * @throws ChatError event_not_found
 */
export async function requireRights(
  ctx: { rights: RightsLookup },
  caller: Principal,
  event_id: string,
): Promise<EventRights> {
  const rights = deriveEventRights(caller, await ctx.rights.findAccessAndRole(caller.user_id, event_id))
  if (!rights.read) throw new ChatError('event_not_found')
  return rights
}

/**
 * Returns the rights as `requireRights` does, and refuses agents, because they never chat with the assistant.
 * @throws ChatError event_not_found, forbidden
 */
export async function requirePersonRights(
  ctx: { rights: RightsLookup },
  caller: Principal,
  event_id: string,
): Promise<EventRights> {
  requirePerson(caller)
  return requireRights(ctx, caller, event_id)
}

export function requirePerson(caller: Principal, detail = 'Agents do not chat with the assistant.'): void {
  if (caller.role === 'agent') throw new ChatError('forbidden', detail)
}

/** Refuses agents, because they may see the ids of people, but not their names. */
export const requirePersonToReadNames = (caller: Principal): void =>
  requirePerson(caller, 'Agents do not read the names of people.')

export function requireAdmin(caller: Principal): void {
  if (caller.role !== 'admin') throw new ChatError('forbidden')
}
