import { type Config, findFirstAdmin } from '@engineer-chat/adapters/environment'
import { createFirstAdmin, type Passwords } from '@engineer-chat/chat/people'
import type { Log } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'

/**
 * Creates the administrator that the environment names if there is no user yet, and logs whether it did. If the
 * environment names no administrator and there is no user, it logs a warning.
 */
export async function ensureFirstAdmin(
  ctx: { stores: Pick<Stores, 'users' | 'audit'>; passwords: Passwords; log: Log },
  config: Pick<Config, 'process' | 'firstAdmin'>,
): Promise<void> {
  const firstAdmin = findFirstAdmin(config)
  if (!firstAdmin) return warnWithoutUsers(ctx)
  const user = await createFirstAdmin({ ...ctx.stores, passwords: ctx.passwords }, firstAdmin)
  if (user) ctx.log.info('EngineerChat.first_admin_created', { user_id: user.user_id, role: user.role })
  else ctx.log.info('EngineerChat.first_admin_exists', { reason: 'there are users' })
}

/** Logs a warning if there is no user. Then every sign-in fails, and the page does not show the reason. */
async function warnWithoutUsers({ stores, log }: { stores: Pick<Stores, 'users'>; log: Log }): Promise<void> {
  const { items } = await stores.users.list({ limit: 1 })
  if (items.length === 0) log.warn('EngineerChat.no_user_yet', { reason: 'npm run user -- create NAME --role=admin' })
}
