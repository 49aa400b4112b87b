import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/mysql2'
import { migrate as apply } from 'drizzle-orm/mysql2/migrator'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Mysql } from './connection.ts'

const FOLDER = fileURLToPath(new URL('../../../../drizzle', import.meta.url))

/**
 * Brings the database up to this version. Several nodes may start at once: one migrates, the others wait for it.
 * @throws Error when the lock isn't to be had within `wait_s` seconds, or a migration fails.
 */
export async function migrate(mysql: Mysql, options: { folder?: string; wait_s?: number } = {}): Promise<void> {
  const connection = await mysql.pool.getConnection()
  try {
    const lock = await takeLock(connection, options.wait_s ?? 60)
    // On the connection that holds the lock: should it break, both end.
    await apply(drizzle(connection), { migrationsFolder: options.folder ?? FOLDER })
    await connection.query('SELECT RELEASE_LOCK(?)', [lock])
    connection.release()
  } catch (error) {
    connection.destroy()
    throw error
  }
}

// Locks are the server's, not the database's, and their names are short.
async function takeLock(connection: Connection, wait_s: number): Promise<string> {
  const [[here]] = await connection.query<RowDataPacket[]>('SELECT DATABASE() AS name')
  const name = `engineer-chat-migrate-${createHash('sha256').update(String(here?.name)).digest('hex').slice(0, 16)}`
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, ?) AS taken', [name, wait_s])
  if (row?.taken === 1) return name
  throw new Error(`Another process has been migrating the database '${here?.name}' for over ${wait_s} s. Is it stuck?`)
}
