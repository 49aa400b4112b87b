import type { CursorQuery, User } from '@engineer-chat/protocol'
import type { Caller, Items } from '../shared/index.ts'
import { adminOnly } from './check-rights.ts'
import type { UserStore } from './user-store.ts'

/** @throws ChatError forbidden */
export async function listUsers(
  ctx: { users: UserStore },
  caller: Caller,
  { cursor, limit = 50 }: CursorQuery,
): Promise<Items<User>> {
  adminOnly(caller)
  return ctx.users.list(cursor === undefined ? { limit } : { cursor, limit })
}
