import type { CursorQuery, User } from '@engineer-chat/protocol'
import type { Caller } from '../model.ts'
import type { Items, UserStore } from '../ports/index.ts'
import { adminOnly } from './rights-in.ts'

/** @throws ChatError forbidden */
export async function listUsers(
  ctx: { users: UserStore },
  caller: Caller,
  { cursor, limit = 50 }: CursorQuery,
): Promise<Items<User>> {
  adminOnly(caller)
  return ctx.users.list(cursor === undefined ? { limit } : { cursor, limit })
}
