import type { UpdateUser, User } from '@engineer-chat/protocol'
import { describeAct, type Principal, type RoomBus, type VerbReport } from '../shared/index.ts'
import { requireAdmin } from './check-rights.ts'
import { requirePassword } from './credentials.ts'
import type { Passwords } from './passwords.ts'
import type { UserStore } from './user-store.ts'

interface UpdateInput {
  user_id: string
  changes: UpdateUser
}

/**
 * Changes a user and ends their sign-ins, so that nobody keeps rights that they no longer have.
 * @throws ChatError validation_failed, user_not_found, last_admin
 */
export async function updateUser(
  ctx: { users: UserStore; passwords: Passwords; bus: RoomBus },
  caller: Principal,
  { user_id, changes: { role, active, password } }: UpdateInput,
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

updateUser.report = {
  audit: ({ input: { changes }, result: { user_id } }) => [describeAct('user_updated', { user_id, changes })],
  log: ({ result: { user_id, role } }) => ({ event: 'EngineerChat.user_updated', fields: { user_id, role } }),
} satisfies VerbReport<UpdateInput, User>
