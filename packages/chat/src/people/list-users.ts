import type { CursorQuery, User } from '@engineer-chat/protocol'
import { describeAct, type Items, listNoEvent, type Principal, type VerbReport } from '../shared/index.ts'
import { requireAdmin } from './check-rights.ts'
import type { UserStore } from './user-store.ts'

/** @throws ChatError forbidden */
export async function listUsers(
  ctx: { users: UserStore },
  caller: Principal,
  { cursor, limit = 50 }: CursorQuery,
): Promise<Items<User>> {
  requireAdmin(caller)
  return ctx.users.list(cursor === undefined ? { limit } : { cursor, limit })
}

listUsers.report = {
  listShownEvents: listNoEvent,
  audit: () => [describeAct('admin_view', { object_type: 'user', detail: 'GET /api/users' })],
} satisfies VerbReport<CursorQuery, Items<User>>
