import type { CreateUser, User } from '@engineer-chat/protocol'
import { requirePassword, requireUsername } from '../credentials.ts'
import { type Caller, newId } from '../shared/index.ts'
import { adminOnly } from './check-rights.ts'
import type { Passwords } from './passwords.ts'
import type { UserStore } from './user-store.ts'

/** @throws ChatError forbidden, validation_failed, username_taken */
export async function createUser(
  ctx: { users: UserStore; passwords: Passwords },
  caller: Caller,
  { username, password, role }: CreateUser,
): Promise<User> {
  adminOnly(caller)
  requireUsername(username)
  const password_hash = await ctx.passwords.hash(requirePassword(password))
  return ctx.users.create({ user_id: newId(), username, password_hash, role })
}
