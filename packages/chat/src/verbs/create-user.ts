import type { CreateUser, User } from '@engineer-chat/protocol'
import { requirePassword, requireUsername } from '../credentials.ts'
import { newId } from '../ids.ts'
import type { Caller } from '../model.ts'
import type { Passwords, UserStore } from '../ports/index.ts'
import { adminOnly } from './rights-in.ts'

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
