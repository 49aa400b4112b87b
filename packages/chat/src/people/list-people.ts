import type { CursorQuery, Person } from '@engineer-chat/protocol'
import type { Caller, Items } from '../shared/index.ts'
import { eventRights } from './access.ts'
import { personIn } from './check-rights.ts'
import { membershipKey, type Rights, type RightsReader } from './rights.ts'
import type { UserStore } from './user-store.ts'

/** Names for a room: rows hold ids, and only admins read users. @throws ChatError event_not_found, forbidden */
export async function listPeople(
  ctx: { rights: Rights; rightsReader: RightsReader; users: UserStore },
  caller: Caller,
  { event_id, cursor, limit = 50 }: CursorQuery & { event_id: string },
): Promise<Items<Person>> {
  await personIn(ctx, caller, event_id)
  const { items, next_cursor } = await ctx.users.list(cursor === undefined ? { limit } : { cursor, limit })
  const people = items.filter(({ role }) => role !== 'agent')
  const pairs = people.map(({ user_id }) => ({ user_id, event_id }))
  const memberships = await ctx.rightsReader.memberships(pairs) // one read, however many they are
  const named = people.map(({ user_id, username, role, active }) => {
    const membership = memberships.get(membershipKey(user_id, event_id))
    return { user_id, username, role, may_enter: active && eventRights({ user_id, role }, membership).enter }
  })
  return { items: named, next_cursor }
}
