import type { UserRole } from '@engineer-chat/protocol'
import type { AccessAndRole, Audience, Principal } from '../shared/index.ts'

/** Holds a caller's rights in one event. */
export interface EventRights {
  /** True allows entering the event's room and reading the rows of the caller's audiences. An agent may also post. */
  read: boolean
  /**
   * True allows a person what an observer may not do: asking the AI, posting, pinning, sharing, writing documents, and
   * changing most fields of the event.
   */
  ask: boolean
  /** True allows changing the event's members and access, and lowering the TLP label of the event or its documents. */
  manage: boolean
}

const NO_RIGHTS: EventRights = { read: false, ask: false, manage: false }

/**
 * Agents have only the right to read, in every event. Admins may read and manage every event. Other people enter a
 * restricted event only if they are members, and manage an event only as its commander. People may ask where they
 * enter, unless they are observers of the event: an admin may be one, too. `accessAndRole` is undefined if the event
 * does not exist.
 */
export function deriveEventRights(caller: Principal, accessAndRole: AccessAndRole | undefined): EventRights {
  if (!accessAndRole) return NO_RIGHTS
  const { access, role: memberRole } = accessAndRole
  if (caller.role === 'agent') return { read: true, ask: false, manage: false }
  if (caller.role === 'admin') return { read: true, ask: memberRole !== 'observer', manage: true }
  if (access === 'restricted' && memberRole === null) return NO_RIGHTS
  return { read: true, ask: memberRole !== 'observer', manage: memberRole === 'commander' }
}

/** Describes the user who asked a question. The values are read when the question is answered, not when it is asked. */
export interface Asker {
  user_id: string
  role: UserRole
  active: boolean
  accessAndRole: AccessAndRole
}

/** Returns true if the asker still has the right to ask, which may have been lost since the question was accepted. */
export function mayStillAsk({ user_id, role, active, accessAndRole }: Asker): boolean {
  const { read, ask } = deriveEventRights({ user_id, role }, accessAndRole)
  return active && read && ask
}

/** Lists the audiences whose rows the caller sees. An agent never sees a person's chat, not even a shared one. */
export function listAudiences(caller: Principal): Audience[] {
  return caller.role === 'agent' ? ['all'] : ['all', 'people', caller.user_id]
}

export function canSee(caller: Principal, audience: Audience): boolean {
  if (audience === 'all') return true
  return caller.role !== 'agent' && (audience === 'people' || audience === caller.user_id)
}
