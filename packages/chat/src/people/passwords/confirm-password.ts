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
 * Checks the caller's own password, so that a token from an unlocked or stolen machine is not enough to take over an
 * account. A wrong password is audited like a refused login.
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
  const check = await verifyPassword(passwords, password, credentials?.password_hash, 'high')
  if (credentials && check !== 'wrong') return credentials
  await audit.write([{ ...describeAct('login_failed', { user_id }), ...auditContext, actor: user_id }])
  throw new ChatError('wrong_password')
}
