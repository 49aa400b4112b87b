import type { EventMember, MemberRole, User } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { createLoadOrder } from '../page/load-order.ts'
import { client, useSignIn } from '../people/sign-in.ts'

/** Holds the members of each event whose members were requested. */
const useMembersByEvent = create<Record<string, readonly EventMember[]>>(() => ({}))

/** Returns undefined until the members have loaded. */
export const useMembers = (event_id: string): readonly EventMember[] | undefined =>
  useMembersByEvent((membersByEvent) => membersByEvent[event_id])

/** Lists the names of the commanders. */
export const listCommanderNames = (members: readonly EventMember[] = []): string[] =>
  members.filter(({ role }) => role === 'commander').map(({ username }) => username)

const registerLoad = createLoadOrder()

export async function loadMembers(event_id: string): Promise<void> {
  const isNewestResult = registerLoad(event_id)
  const members: EventMember[] = []
  let cursor: string | null = null
  do {
    const page = await client.listMembers(event_id, cursor === null ? {} : { cursor })
    members.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  if (isNewestResult()) useMembersByEvent.setState({ [event_id]: members })
}

export async function putMember(event_id: string, user_id: string, role: MemberRole): Promise<void> {
  await client.putMember(event_id, user_id, role)
  await loadMembers(event_id)
}

export async function removeMember(event_id: string, user_id: string): Promise<void> {
  await client.removeMember(event_id, user_id)
  await loadMembers(event_id)
}

export interface EventRights {
  /** Says whether the user may ask, post and pin. Until the members have loaded, every user except an agent may. */
  mayAsk: boolean
  /** Says whether the user may change the event itself: not an observer, and nobody until the members have loaded. */
  mayChange: boolean
  /** Says whether the user may change the event's members and access, and lower its TLP label. */
  mayManage: boolean
}

/**
 * Decides which controls the page shows. The server checks each request again, because a role can change at any time.
 */
export function findEventRights(user: User, members: readonly EventMember[] | undefined): EventRights {
  const role = members?.find(({ user_id }) => user_id === user.user_id)?.role
  const mayAsk = user.role !== 'agent' && role !== 'observer'
  if (user.role === 'agent' || members === undefined) return { mayAsk, mayChange: false, mayManage: false }
  const isAdmin = user.role === 'admin'
  return { mayAsk, mayChange: isAdmin || role !== 'observer', mayManage: isAdmin || role === 'commander' }
}

/** Returns true if the reader may ask, post and pin in the event, as far as the page knows. */
export function useMayAsk(event_id: string): boolean {
  const user = useSignIn((state) => state.user)
  const members = useMembers(event_id)
  return user !== null && findEventRights(user, members).mayAsk
}
