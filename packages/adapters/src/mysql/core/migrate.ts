import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/mysql2'
import { migrate as applyMigrations } from 'drizzle-orm/mysql2/migrator'
import type { Connection } from 'mysql2/promise'
import type { Mysql } from './connection.ts'
import { queryRow, queryRows } from './rows.ts'

export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../../../../drizzle', import.meta.url))
export const MIGRATIONS_TABLE = '__drizzle_migrations'

/** The account may change rows and no tables, which is what a node's account should be. */
export class MigrationNotAllowedError extends Error {
  constructor(cause: unknown) {
    super(
      'The database is not of this version yet, and the account of DATABASE_URL may not change tables. Run `npm run migrate` (in an image: node dist/migrate.js) with DATABASE_ADMIN_URL first.',
      { cause },
    )
    this.name = 'MigrationNotAllowedError'
  }
}

/**
 * Brings the database up to this version. Several nodes may start at once: one migrates, the others wait for it.
 * `folder` is the repository's `drizzle`, for a bundle that lies elsewhere.
 * @throws MysqlUnreachableError, MigrationNotAllowedError, and Error when the lock isn't free within `waitSeconds` seconds, or a migration fails.
 */
export async function migrate(mysql: Mysql, options: { folder?: string; waitSeconds?: number } = {}): Promise<void> {
  const folder = options.folder ?? MIGRATIONS_FOLDER
  const connection = await mysql.open()
  try {
    if (!(await isCurrent(connection, folder))) await migrateUnderLock(connection, folder, options.waitSeconds ?? 60)
  } finally {
    connection.destroy()
  }
}

// The whole migration uses the connection that holds the lock: if it breaks, both end.
async function migrateUnderLock(connection: Connection, folder: string, waitSeconds: number): Promise<void> {
  const lock = await takeLock(connection, waitSeconds)
  await applyMigrations(drizzle(connection), { migrationsFolder: folder, migrationsTable: MIGRATIONS_TABLE }).catch(
    (error: unknown) => {
      throw isRightMissing(error) ? new MigrationNotAllowedError(error) : error
    },
  )
  await connection.query('SELECT RELEASE_LOCK(?)', [lock])
}

/** Returns true if the newest migration is applied, or one of a newer version, whose nodes run beside this one. */
async function isCurrent(connection: Connection, folder: string): Promise<boolean> {
  const journal: { entries: Array<{ when: number }> } = JSON.parse(
    await readFile(join(folder, 'meta', '_journal.json'), 'utf8'),
  )
  const [table] = await queryRows<object>(connection, 'SHOW TABLES LIKE ?', [MIGRATIONS_TABLE])
  if (!table) return false
  const newest = await queryRow<{ at: number | string | null }>(
    connection,
    `SELECT MAX(created_at) AS at FROM ${MIGRATIONS_TABLE}`,
  )
  return Number(newest.at) >= Math.max(...journal.entries.map(({ when }) => when))
}

/** The server refuses the database, a table's definition, or a right over the whole server. */
const RIGHT_MISSING_CODES = [1044, 1142, 1227]

/** drizzle wraps the driver's error as its cause. */
function isRightMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const isRefused = 'errno' in error && RIGHT_MISSING_CODES.some((code) => code === error.errno)
  return isRefused || isRightMissing(error.cause)
}

// Locks belong to the server, not to the database, and their names are short.
async function takeLock(connection: Connection, waitSeconds: number): Promise<string> {
  const current = await queryRow<{ name: string | null }>(connection, 'SELECT DATABASE() AS name')
  const name = `engineer-chat-migrate-${createHash('sha256').update(String(current.name)).digest('hex').slice(0, 16)}`
  const row = await queryRow<{ taken: number | null }>(connection, 'SELECT GET_LOCK(?, ?) AS taken', [
    name,
    waitSeconds,
  ])
  if (row.taken === 1) return name
  throw new Error(
    `Another process has been migrating the database '${current.name}' for over ${waitSeconds} s. Is it stuck?`,
  )
}
