import type { CursorQuery, Person } from '@engineer-chat/protocol'
import { eventRights } from '../access.ts'
import type { Caller } from '../model.ts'
import type { Items, Rights, UserStore } from '../ports/index.ts'
import { personIn } from './rights-in.ts'

/** Names for a room: rows hold ids, and only admins read users. @throws ChatError event_not_found, forbidden */
export async function listPeople(
  ctx: { rights: Rights; users: UserStore },
  caller: Caller,
  { event_id, cursor, limit = 50 }: CursorQuery & { event_id: string },
): Promise<Items<Person>> {
  await personIn(ctx, caller, event_id)
  const { items, next_cursor } = await ctx.users.list(cursor === undefined ? { limit } : { cursor, limit })
  const people = items.filter(({ role }) => role !== 'agent')
  const mayEnter = async ({ user_id, role, active }: (typeof people)[number]) =>
    active && eventRights({ ...caller, user_id, role }, await ctx.rights.membership(user_id, event_id)).enter
  const named = people.map(async (user) => {
    const { user_id, username, role } = user
    return { user_id, username, role, may_enter: await mayEnter(user) }
  })
  return { items: await Promise.all(named), next_cursor }
}
