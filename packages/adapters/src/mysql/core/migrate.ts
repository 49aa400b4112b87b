import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/mysql2'
import { migrate as applyMigrations } from 'drizzle-orm/mysql2/migrator'
import type { Connection } from 'mysql2/promise'
import type { Mysql } from './connection.ts'
import { isLockWaitTimeout, isPrivilegeMissing } from './errors.ts'
import { queryRow, queryRows } from './rows.ts'

export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../../../../drizzle', import.meta.url))
export const MIGRATIONS_TABLE = '__drizzle_migrations'

/** The account may change rows but no tables, as is right for the account of a node. */
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
 * A change of a table waits at most this long for the transactions that use the table. Later transactions wait for the
 * change. All tries end within the minute for which other nodes wait.
 */
const LOCK_WAIT_SECONDS = 2
const LOCK_TRIES = 10
const LOCK_PAUSE_MS = 3_000

/** Says that a dump or a long transaction uses a table that the migration changes. The message names no host. */
export class MigrationBlockedError extends Error {
  constructor(cause: unknown) {
    super(
      'A long transaction or a dump uses a table that the migration changes. Start again when it has ended: the migration goes on from here.',
      { cause },
    )
    this.name = 'MigrationBlockedError'
  }
}

interface MigrateOptions {
  /** Names the folder of the migrations, for a bundle outside of the repository. The default is `drizzle` in it. */
  folder?: string
  /** Limits the wait for another process that migrates. The default is a minute. */
  waitSeconds?: number
  /** Limits how often the migration is tried while a table that it changes is in use. The default is 10. */
  lockTries?: number
}

/**
 * Brings the database up to this version. Several nodes may start at once: one migrates, the others wait for it.
 * @throws MysqlUnreachableError, MigrationNotAllowedError, MigrationBlockedError, and Error when the lock isn't free
 * within `waitSeconds` seconds, or a migration fails.
 */
export async function migrate(mysql: Mysql, options: MigrateOptions = {}): Promise<void> {
  const folder = options.folder ?? MIGRATIONS_FOLDER
  const connection = await mysql.open()
  try {
    if (!(await isCurrent(connection, folder))) await migrateUnderLock(connection, folder, options)
  } finally {
    connection.destroy()
  }
}

// The whole migration uses the connection that holds the lock: if the connection breaks, the migration ends with the
// lock.
async function migrateUnderLock(
  connection: Connection,
  folder: string,
  { waitSeconds = 60, lockTries = LOCK_TRIES }: MigrateOptions,
): Promise<void> {
  const lock = await takeLock(connection, waitSeconds)
  await connection.query(`SET SESSION lock_wait_timeout = ${LOCK_WAIT_SECONDS}`)
  await applyAndGiveWay(connection, folder, lockTries).catch((error: unknown) => {
    throw isPrivilegeMissing(error) ? new MigrationNotAllowedError(error) : error
  })
  await connection.query('SELECT RELEASE_LOCK(?)', [lock])
}

/** If a table is in use, the whole migration stops and is tried again. It can run again after any interruption. */
async function applyAndGiveWay(connection: Connection, folder: string, tries: number): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await applyMigrations(drizzle(connection), { migrationsFolder: folder, migrationsTable: MIGRATIONS_TABLE })
      return
    } catch (error) {
      if (!isLockWaitTimeout(error)) throw error
      if (tried >= tries) throw new MigrationBlockedError(error)
      await sleep(LOCK_PAUSE_MS)
    }
  }
}

/** Returns true if the newest migration of this version, or one of a newer version, is applied already. */
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

// Named locks belong to the server, not to a database, so the name contains a hash of the database's name. The hash is
// cut, because MySQL limits the names of locks to 64 characters.
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
