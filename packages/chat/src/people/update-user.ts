import type { UpdateUser, User } from '@engineer-chat/protocol'
import {
  type AuditContext,
  ChatError,
  describeAct,
  listNoEvent,
  type Principal,
  type RoomBus,
  throwInvalid,
  type VerbReport,
} from '../shared/index.ts'
import { requireAdmin } from './check-rights.ts'
import { normalizeNewPassword } from './credentials.ts'
import { type ConfirmContext, confirmPassword } from './passwords/confirm-password.ts'
import type { Passwords } from './passwords.ts'
import type { UserStore } from './user-store.ts'

interface UpdateInput {
  user_id: string
  changes: UpdateUser
}

interface UpdateContext {
  users: UserStore
  passwords: Passwords
  bus: RoomBus
}

/**
 * Changes a user. A new role, a new password or a deactivation ends the user's sign-ins, so that nobody keeps rights
 * that they no longer have. An admin who sets a user's password must also give the admin's own password.
 * @throws ChatError forbidden, validation_failed, wrong_password, weak_password, user_not_found, last_admin
 */
export async function updateUser(
  ctx: UpdateContext & ConfirmContext,
  caller: Principal,
  input: UpdateInput,
  auditContext: AuditContext,
): Promise<User> {
  requireAdmin(caller)
  const { password, your_password } = input.changes
  if (password !== undefined) {
    if (your_password === undefined) throwInvalid('/your_password', 'must be your own password, to set a password')
    await confirmPassword(ctx, caller, your_password, auditContext)
  }
  return storeChanges(ctx, input)
}

/**
 * Changes a user as `updateUser` does, for an operator at the command line. It does not ask for the operator's own
 * password, because an operator has access to the database anyway.
 * @throws ChatError forbidden, validation_failed, weak_password, user_not_found, last_admin
 */
export async function updateUserAsOperator(ctx: UpdateContext, caller: Principal, input: UpdateInput): Promise<User> {
  requireAdmin(caller)
  return storeChanges(ctx, input)
}

async function storeChanges(
  ctx: UpdateContext,
  { user_id, changes: { role, active, password } }: UpdateInput,
): Promise<User> {
  const user = await ctx.users.update(user_id, {
    ...(role !== undefined && { role }),
    ...(active !== undefined && { active }),
    ...(password !== undefined && { password_hash: await checkAndHashPassword(ctx, user_id, password) }),
  })
  ctx.bus.publishRightsChange()
  return user
}

async function checkAndHashPassword(
  { users, passwords }: UpdateContext,
  user_id: string,
  password: string,
): Promise<string> {
  const user = await users.find(user_id)
  if (!user) throw new ChatError('user_not_found')
  return passwords.hash(await normalizeNewPassword(password, user.username))
}

const report = {
  listShownEvents: listNoEvent,
  audit: ({ input: { changes }, result: { user_id } }) => {
    // The admin's own password confirms the change, but is not changed itself.
    const { your_password, ...userChanges } = changes
    // The entry contains the new role and the new state. Of a new password it contains only the name of the field.
    return [describeAct('user_updated', { user_id, changes: userChanges })]
  },
  log: ({ result: { user_id, role } }) => ({ event: 'EngineerChat.user_updated', fields: { user_id, role } }),
} satisfies VerbReport<UpdateInput, User>

updateUser.report = report
updateUserAsOperator.report = report
