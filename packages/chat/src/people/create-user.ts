import type { CreateUser, User } from '@engineer-chat/protocol'
import { createId, describeAct, listNoEvent, type Principal, type VerbReport } from '../shared/index.ts'
import { requireAdmin } from './check-rights.ts'
import { normalizeNewPassword, requireUsername } from './credentials.ts'
import type { Passwords } from './passwords.ts'
import type { UserStore } from './user-store.ts'

/** @throws ChatError forbidden, validation_failed, weak_password, username_taken */
export async function createUser(
  ctx: { users: UserStore; passwords: Passwords },
  caller: Principal,
  { username, password, role }: CreateUser,
): Promise<User> {
  requireAdmin(caller)
  requireUsername(username)
  const password_hash = await ctx.passwords.hash(await normalizeNewPassword(password, username))
  return ctx.users.create({ user_id: createId(), username, password_hash, role })
}

createUser.report = {
  listShownEvents: listNoEvent,
  audit: ({ result }) => [describeAct('user_created', result)],
  log: ({ result: { user_id, role } }) => ({ event: 'EngineerChat.user_created', fields: { user_id, role } }),
} satisfies VerbReport<CreateUser, User>
