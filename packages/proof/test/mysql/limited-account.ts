import { grantAccount, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import type { Server } from '@engineer-chat/local-stack'
import { LIMITED_PASSWORD, toLimitedAccountUrl } from '../tls-servers.ts'

/**
 * Creates the tables and an account with few rights, as `npm run migrate` does, and returns the URL of MySQL with that
 * account. An account with all rights could write to a read-only server and use the connection that MySQL keeps for
 * administrators.
 */
export async function connectWithLimitedAccount({ url }: Server): Promise<string> {
  const limitedUrl = toLimitedAccountUrl(url)
  const { username: user, pathname } = new URL(limitedUrl)
  const admin = openMysql(url, { connectionLimit: 1 })
  const limited = openMysql(limitedUrl, { connectionLimit: 1 })
  await migrate(admin)
  await grantAccount(admin, limited, { user, password: LIMITED_PASSWORD, database: pathname.slice(1) })
  await Promise.all([admin.close(), limited.close()])
  return limitedUrl
}
