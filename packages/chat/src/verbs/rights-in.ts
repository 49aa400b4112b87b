import { type EventRights, eventRights } from '../access.ts'
import { ChatError } from '../errors.ts'
import type { Caller, Row } from '../model.ts'
import type { MessageStore, Rights } from '../ports/index.ts'

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

/** The caller's own reply, in an event that they may still enter. Anything else looks like one that doesn't exist. */
export async function ownReplyIn(
  ctx: { rights: Rights; messages: MessageStore },
  caller: Caller,
  message_id: string,
): Promise<{ reply: Row; rights: EventRights }> {
  notAgent(caller)
  const reply = await ctx.messages.ownReply(caller.user_id, message_id)
  if (!reply) throw new ChatError('message_not_found')
  const rights = eventRights(caller, await ctx.rights.membership(caller.user_id, reply.message.event_id))
  if (!rights.enter) throw new ChatError('message_not_found')
  return { reply, rights }
}
