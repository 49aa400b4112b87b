import type { UpdateUser, User } from '@engineer-chat/protocol'
import { requirePassword } from '../credentials.ts'
import type { Principal, RoomBus } from '../shared/index.ts'
import { requireAdmin } from './check-rights.ts'
import type { Passwords } from './passwords.ts'
import type { UserStore } from './user-store.ts'

/** Ends the user's sign-ins, so that nobody keeps rights they no longer have. @throws ChatError validation_failed, user_not_found, last_admin */
export async function updateUser(
  ctx: { users: UserStore; passwords: Passwords; bus: RoomBus },
  caller: Principal,
  { user_id, role, active, password }: UpdateUser & { user_id: string },
): Promise<User> {
  requireAdmin(caller)
  const user = await ctx.users.update(user_id, {
    ...(role !== undefined && { role }),
    ...(active !== undefined && { active }),
    ...(password !== undefined && { password_hash: await ctx.passwords.hash(requirePassword(password)) }),
  })
  ctx.bus.publishRightsChange()
  return user
}
