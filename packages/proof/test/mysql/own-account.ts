import { grantAccount, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import type { Server } from '@engineer-chat/local-stack'
import { OWN_PASSWORD, toOwnAccountUrl } from '../tls-servers.ts'

/**
 * Creates the tables and an account as the migration of an installation does, and returns its address. An account with
 * all rights could write to a read-only server and take the connection that is kept for administrators.
 */
export async function connectByOwnAccount({ url }: Server): Promise<string> {
  const ownUrl = toOwnAccountUrl(url)
  const { username: user, pathname } = new URL(ownUrl)
  const admin = openMysql(url, { connectionLimit: 1 })
  const own = openMysql(ownUrl, { connectionLimit: 1 })
  await migrate(admin)
  await grantAccount(admin, own, { user, password: OWN_PASSWORD, database: pathname.slice(1) })
  await Promise.all([admin.close(), own.close()])
  return ownUrl
}
