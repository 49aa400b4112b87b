import { getInstallation, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import type { Installation } from '@engineer-chat/chat/shared'

/** Reads the installation, whose processes accept hints only from each other. */
export async function readInstallation(databaseUrl: string): Promise<Installation> {
  const mysql = openMysql(databaseUrl, { connectionLimit: 1 })
  try {
    await migrate(mysql)
    return await getInstallation(mysql)
  } finally {
    await mysql.close()
  }
}
