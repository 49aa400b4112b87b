import type { UpdateUser, User } from '@engineer-chat/protocol'
import { requirePassword } from '../credentials.ts'
import type { Caller, RoomBus } from '../shared/index.ts'
import { adminOnly } from './check-rights.ts'
import type { Passwords } from './passwords.ts'
import type { UserStore } from './user-store.ts'

/** Ends the user's sign-ins, so that nobody keeps rights they no longer have. @throws ChatError validation_failed, user_not_found, last_admin */
export async function updateUser(
  ctx: { users: UserStore; passwords: Passwords; bus: RoomBus },
  caller: Caller,
  { user_id, role, active, password }: UpdateUser & { user_id: string },
): Promise<User> {
  adminOnly(caller)
  const user = await ctx.users.update(user_id, {
    ...(role !== undefined && { role }),
    ...(active !== undefined && { active }),
    ...(password !== undefined && { password_hash: await ctx.passwords.hash(requirePassword(password)) }),
  })
  ctx.bus.rightsChanged()
  return user
}
