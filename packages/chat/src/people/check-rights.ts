import { type Caller, ChatError } from '../shared/index.ts'
import { type EventRights, eventRights } from './access.ts'
import type { Rights } from './rights.ts'

/** What the caller may do in the event. One that may not be entered looks like one that doesn't exist. */
export async function rightsIn(ctx: { rights: Rights }, caller: Caller, event_id: string): Promise<EventRights> {
  const rights = eventRights(caller, await ctx.rights.membership(caller.user_id, event_id))
  if (!rights.enter) throw new ChatError('event_not_found')
  return rights
}

/** Agents never chat with the assistant: its routes are people's. */
export async function personIn(ctx: { rights: Rights }, caller: Caller, event_id: string): Promise<EventRights> {
  notAgent(caller)
  return rightsIn(ctx, caller, event_id)
}

export function notAgent(caller: Caller): void {
  if (caller.role === 'agent') throw new ChatError('forbidden', 'Agents do not chat with the assistant.')
}

export function adminOnly(caller: Caller): void {
  if (caller.role !== 'admin') throw new ChatError('forbidden')
}
