import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mysql } from './connection.ts'
import { listExcessPrivileges } from './excess-privileges.ts'
import { MIGRATIONS_FOLDER, MIGRATIONS_TABLE } from './migrate.ts'
import { queryRow, queryRows } from './rows.ts'

/** Holds facts about the server for operators, in the server's own words. */
export interface MysqlServerInfo {
  version: string
  /** Holds the server's variables that the product depends on. A limit of the account replaces that of the server. */
  settings: Record<string, string>
  /** Gives the time of the server's clock, in milliseconds since 1970. */
  clockMs: number
  /** Lists the migrations of this version that are not applied yet. */
  missingMigrations: string[]
  /** Undefined means that the table `users` does not exist yet. */
  hasUsers: boolean | undefined
  /** Lists the privileges of the account that a node does not need. */
  excessPrivileges: string[]
}

const SETTINGS = [
  'innodb_flush_log_at_trx_commit',
  'sync_binlog',
  'log_bin',
  'max_connections',
  'max_user_connections',
  'read_only',
]

export async function readMysqlInfo({ pool }: Mysql): Promise<MysqlServerInfo> {
  const server = await queryRow<{ version: string; clockMs: number | string }>(
    pool,
    'SELECT VERSION() AS version, ROUND(UNIX_TIMESTAMP(NOW(3)) * 1000) AS clockMs',
  )
  const clockMs = Number(server.clockMs)
  const variables = await queryRows<{ Variable_name: string; Value: string }>(
    pool,
    'SHOW SESSION VARIABLES WHERE Variable_name IN (?)',
    [SETTINGS],
  )
  const settings = Object.fromEntries(variables.map((row) => [row.Variable_name, String(row.Value)]))
  const missingMigrations = await listMissingMigrations(pool)
  return {
    version: server.version,
    settings,
    clockMs,
    missingMigrations,
    hasUsers: await hasUsers(pool),
    excessPrivileges: await readExcessPrivileges(pool),
  }
}

async function readExcessPrivileges(pool: Mysql['pool']): Promise<string[]> {
  const { name } = await queryRow<{ name: string | null }>(pool, 'SELECT DATABASE() AS name')
  const grants = await queryRows<Record<string, string>>(pool, 'SHOW GRANTS')
  return listExcessPrivileges(grants.flatMap(Object.values), name ?? '')
}

async function hasUsers(pool: Mysql['pool']): Promise<boolean | undefined> {
  const [table] = await queryRows<object>(pool, "SHOW TABLES LIKE 'users'")
  if (!table) return undefined
  const users = await queryRows<object>(pool, 'SELECT 1 FROM users LIMIT 1')
  return users.length > 0
}

async function listMissingMigrations(pool: Mysql['pool']): Promise<string[]> {
  const journal: { entries: Array<{ when: number; tag: string }> } = JSON.parse(
    await readFile(join(MIGRATIONS_FOLDER, 'meta', '_journal.json'), 'utf8'),
  )
  const [table] = await queryRows<object>(pool, 'SHOW TABLES LIKE ?', [MIGRATIONS_TABLE])
  if (!table) return journal.entries.map(({ tag }) => tag)
  const newest = await queryRow<{ at: number | string | null }>(
    pool,
    `SELECT MAX(created_at) AS at FROM ${MIGRATIONS_TABLE}`,
  )
  return journal.entries.filter(({ when }) => when > Number(newest.at)).map(({ tag }) => tag)
}
