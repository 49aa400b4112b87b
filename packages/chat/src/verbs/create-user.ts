import type { CreateUser, User } from '@engineer-chat/protocol'
import { newId } from '../ids.ts'
import type { Caller } from '../model.ts'
import type { Passwords, UserStore } from '../ports/index.ts'
import { wellFormed } from '../text.ts'
import { adminOnly } from './rights-in.ts'

/** @throws ChatError forbidden, username_taken */
export async function createUser(
  ctx: { users: UserStore; passwords: Passwords },
  caller: Caller,
  { username, password, role }: CreateUser,
): Promise<User> {
  adminOnly(caller)
  const password_hash = await ctx.passwords.hash(wellFormed(password, '/password'))
  return ctx.users.create({ user_id: newId(), username, password_hash, role })
}
