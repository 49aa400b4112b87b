import { getInstallation, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import type { Installation } from '@engineer-chat/chat/shared'

/** Migrates the database and reads its installation, whose key a program needs to sign hints. */
export async function migrateAndReadInstallation(databaseUrl: string): Promise<Installation> {
  const mysql = openMysql(databaseUrl, { connectionLimit: 1 })
  try {
    await migrate(mysql)
    return await getInstallation(mysql)
  } finally {
    await mysql.close()
  }
}
