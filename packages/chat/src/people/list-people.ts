import type { CursorQuery, Person } from '@engineer-chat/protocol'
import { type Items, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import { deriveEventRights } from './access.ts'
import { requirePersonToReadNames, requireRights } from './check-rights.ts'
import { type RightsLookup, toAccessKey, type UncachedRights } from './rights.ts'
import type { UserStore } from './user-store.ts'

/**
 * Lists all people of the installation, page by page, with their names. `may_enter` says whether a person may enter the
 * room of the event. The web page needs the names, because the rows of a room contain only ids of users, and the list
 * of users is only for admins. Agents are left out. So a page may have fewer than `limit` people although another page
 * follows.
 * @throws ChatError event_not_found, forbidden
 */
export async function listPeople(
  ctx: { rights: RightsLookup; uncachedRights: UncachedRights; users: UserStore },
  caller: Principal,
  { event_id, cursor, limit = 50 }: CursorQuery & { event_id: string },
): Promise<Items<Person>> {
  requirePersonToReadNames(caller)
  await requireRights(ctx, caller, event_id)
  const { items, next_cursor } = await ctx.users.list(cursor === undefined ? { limit } : { cursor, limit })
  const users = items.filter(({ role }) => role !== 'agent')
  const accessAndRoles = await ctx.uncachedRights.findAccessAndRoles(
    users.map(({ user_id }) => ({ user_id, event_id })),
  )
  const people = users.map(({ user_id, username, role, active }) => {
    const accessAndRole = accessAndRoles.get(toAccessKey(user_id, event_id))
    return { user_id, username, role, may_enter: active && deriveEventRights({ user_id, role }, accessAndRole).read }
  })
  return { items: people, next_cursor }
}

listPeople.report = { listShownEvents: listInputEvent } satisfies VerbReport<
  CursorQuery & { event_id: string },
  Items<Person>
>
