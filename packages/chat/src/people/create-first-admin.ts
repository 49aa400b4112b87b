import type { User } from '@engineer-chat/protocol'
import { type AuditLog, describeAct } from '../shared/index.ts'
import { normalizeNewPassword, requireUsername } from './credentials.ts'
import type { Passwords } from './passwords.ts'
import type { UserStore } from './user-store.ts'

/** Several nodes may start at once. All use this id, so that the primary key lets only one of them create the admin. */
const FIRST_ADMIN_ID = 'first-admin'

/** The audit entry has this actor, because no person creates the first admin. */
const FIRST_START_ACTOR = 'first-start'

/**
 * Creates an administrator if there is no user yet, otherwise resolves to undefined. `readPassword` is called only if
 * there is no user, so the file that it reads may be deleted later.
 * @throws ChatError validation_failed, weak_password, and the errors of `readPassword`
 */
export async function createFirstAdmin(
  ctx: { users: UserStore; passwords: Passwords; audit: AuditLog },
  { username, readPassword }: { username: string; readPassword: () => Promise<string> },
): Promise<User | undefined> {
  const { items } = await ctx.users.list({ limit: 1 })
  if (items.length > 0) return undefined
  requireUsername(username)
  const password_hash = await ctx.passwords.hash(await normalizeNewPassword(await readPassword(), username))
  const user = await ctx.users.createFirst({ user_id: FIRST_ADMIN_ID, username, password_hash, role: 'admin' })
  if (!user) return undefined
  await ctx.audit.write([
    { ...describeAct('user_created', user), actor: FIRST_START_ACTOR, address: null, request_id: null },
  ])
  return user
}
