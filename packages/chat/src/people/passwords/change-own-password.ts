import type { ChangePassword } from '@engineer-chat/protocol'
import {
  type AuditContext,
  ChatError,
  describeAct,
  listNoEvent,
  type Principal,
  type RoomBus,
  type VerbReport,
} from '../../shared/index.ts'
import { normalizeNewPassword } from '../credentials.ts'
import { type ConfirmContext, confirmPassword } from './confirm-password.ts'

type ChangeInput = ChangePassword & {
  /** Is the sign-in that sends the request. It does not end. */
  sign_in_id: string
}

/**
 * Changes the caller's password. The caller's other sign-ins end, because somebody else may have begun them with the
 * old password.
 * @throws ChatError wrong_password, validation_failed, weak_password
 */
export async function changeOwnPassword(
  ctx: ConfirmContext & { bus: RoomBus },
  caller: Principal,
  { sign_in_id, current_password, new_password }: ChangeInput,
  auditContext: AuditContext,
): Promise<void> {
  const { user, password_hash: verified_hash } = await confirmPassword(ctx, caller, current_password, auditContext)
  const normalized = await normalizeNewPassword(new_password, user.username, '/new_password')
  const newHash = await ctx.passwords.hash(normalized)
  const replacement = { verified_hash, password_hash: newHash, kept_sign_in_id: sign_in_id }
  const isReplaced = await ctx.users.replacePasswordHash(user.user_id, replacement)
  // Another request may have changed the password after it was confirmed.
  if (!isReplaced) throw new ChatError('wrong_password')
  ctx.bus.publishRightsChange()
}

changeOwnPassword.report = {
  listShownEvents: listNoEvent,
  // The entry names the changed field without its value.
  audit: ({ caller: { user_id } }) => [describeAct('user_updated', { user_id, changes: { password: null } })],
  log: ({ caller: { user_id } }) => ({ event: 'EngineerChat.password_changed', fields: { user_id } }),
} satisfies VerbReport<ChangeInput, void>
