import type { User } from '@engineer-chat/protocol'
import { type AuditLog, describeAct } from '../shared/index.ts'
import { requirePassword, requireUsername } from './credentials.ts'
import type { Passwords } from './passwords.ts'
import type { UserStore } from './user-store.ts'

/**
 * Every start uses the same id, so that the database's primary key lets only one of several nodes create the admin.
 */
const FIRST_ADMIN_ID = 'first-admin'

/** The audit names this actor, because the start of the product, and not a person, creates the user. */
const FIRST_START = 'first-start'

/**
 * Creates an administrator if there is no user yet, otherwise resolves to undefined. It calls `readPassword` only if it
 * creates one, so the password's source may be deleted later.
 * @throws ChatError validation_failed, weak_password, and what `readPassword` throws
 */
export async function createFirstAdmin(
  ctx: { users: UserStore; passwords: Passwords; audit: AuditLog },
  { username, readPassword }: { username: string; readPassword: () => Promise<string> },
): Promise<User | undefined> {
  const { items } = await ctx.users.list({ limit: 1 })
  if (items.length > 0) return undefined
  requireUsername(username)
  const password_hash = await ctx.passwords.hash(await requirePassword(await readPassword(), username))
  const user = await ctx.users.createFirst({ user_id: FIRST_ADMIN_ID, username, password_hash, role: 'admin' })
  if (!user) return undefined
  await ctx.audit.write([{ ...describeAct('user_created', user), actor: FIRST_START, address: null, request_id: null }])
  return user
}
