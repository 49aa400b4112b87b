import type { UserRole } from '@engineer-chat/protocol'
import type { AccessAndRole, Audience, Principal } from '../shared/index.ts'

/** Holds a caller's rights in one event. */
export interface EventRights {
  /** True allows entering the event's room and reading the rows of the caller's audiences. Agents may also post. */
  read: boolean
  /**
   * True allows what observers may not do: asking the AI, posting, pinning, sharing, writing documents, and changing most
   * fields of the event.
   */
  ask: boolean
  /** True allows changing the event's members and access, and lowering the TLP label of the event or its documents. */
  manage: boolean
}

const NO_RIGHTS: EventRights = { read: false, ask: false, manage: false }

/**
 * Agents read and post in every event, but never ask. Only members, admins and agents enter a restricted event.
 * Observers cannot ask. `accessAndRole` is undefined if the event does not exist.
 */
export function deriveEventRights(caller: Principal, accessAndRole: AccessAndRole | undefined): EventRights {
  if (!accessAndRole) return NO_RIGHTS
  const { access, role: memberRole } = accessAndRole
  if (caller.role === 'agent') return { read: true, ask: false, manage: false }
  if (caller.role === 'admin') return { read: true, ask: memberRole !== 'observer', manage: true }
  if (access === 'restricted' && memberRole === null) return NO_RIGHTS
  return { read: true, ask: memberRole !== 'observer', manage: memberRole === 'commander' }
}

/** Describes the user who asked a question, at the time when the question is answered. */
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
