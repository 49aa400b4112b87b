import type { User } from '@engineer-chat/protocol'
import { type AuditContext, type AuditLog, ChatError, describeAct, type Principal } from '../../shared/index.ts'
import type { Passwords } from '../passwords.ts'
import type { UserStore } from '../user-store.ts'
import { verifyPassword } from './verify-password.ts'

export interface ConfirmContext {
  users: UserStore
  passwords: Passwords
  audit: AuditLog
}

/**
 * Verifies the caller's own password, so that a token from an unlocked or stolen computer is not enough to take over an
 * account. Resolves to the caller's user and the hash that the password matches. A wrong password is audited as
 * `login_failed`.
 * @throws ChatError wrong_password
 */
export async function confirmPassword(
  { users, passwords, audit }: ConfirmContext,
  { user_id }: Principal,
  password: string,
  auditContext: AuditContext,
): Promise<{ user: User; password_hash: string }> {
  const user = await users.find(user_id)
  const credentials = user && (await users.findCredentials(user.username))
  const verification = await verifyPassword(passwords, password, credentials?.password_hash, 'high')
  if (credentials && verification !== 'wrong') return credentials
  await audit.write([{ ...describeAct('login_failed', { user_id }), ...auditContext, actor: user_id }])
  throw new ChatError('wrong_password')
}
