import { ChatError, type Principal } from '../shared/index.ts'
import { deriveEventRights, type EventRights } from './access.ts'
import type { Rights } from './rights.ts'

/** What the caller may do in the event. One that may not be entered looks like one that doesn't exist. */
export async function requireRights(
  ctx: { rights: Rights },
  caller: Principal,
  event_id: string,
): Promise<EventRights> {
  const rights = deriveEventRights(caller, await ctx.rights.findMembership(caller.user_id, event_id))
  if (!rights.enter) throw new ChatError('event_not_found')
  return rights
}

/** Agents never chat with the assistant: its routes are people's. */
export async function requirePersonRights(
  ctx: { rights: Rights },
  caller: Principal,
  event_id: string,
): Promise<EventRights> {
  requirePerson(caller)
  return requireRights(ctx, caller, event_id)
}

export function requirePerson(caller: Principal): void {
  if (caller.role === 'agent') throw new ChatError('forbidden', 'Agents do not chat with the assistant.')
}

export function requireAdmin(caller: Principal): void {
  if (caller.role !== 'admin') throw new ChatError('forbidden')
}
