import type { Mysql } from '@engineer-chat/adapters/mysql'
import { is } from 'drizzle-orm'
import { MySqlTable } from 'drizzle-orm/mysql-core'
import type { RowDataPacket } from 'mysql2/promise'
import { type Test, test } from 'tap'
import { migrate } from '../../../src/mysql/core/migrate.ts'
import * as schema from '../../../src/mysql/schema/index.ts'
import { createEmptyDatabase, createMigratedDatabase, runConcurrently } from '../setup.ts'

test('[STORE6] if four nodes start at the same time on an empty database, all migrations succeed', async (t) => {
  const database = await createEmptyDatabase(t)
  const nodes = Array.from({ length: 4 }, () => database.openNode())
  await runConcurrently(4, (index) => migrate(nodes[index] ?? database.openNode()))
  const [tables] = await database.openNode().pool.query<RowDataPacket[]>('SHOW TABLES')
  const schemaTables = Object.values(schema).filter((value) => is(value, MySqlTable))
  t.equal(tables.length, schemaTables.length + 1, 'the tables of the schema, and the list of finished migrations')
  await migrate(database.openNode())
})

test('[STORE6] an interrupted migration runs again from its beginning', async (t) => {
  const database = await createEmptyDatabase(t)
  const mysql = database.openNode()
  await migrate(mysql)
  await mysql.pool.query('DELETE FROM __drizzle_migrations')
  await mysql.pool.query('DROP TABLE messages')
  await migrate(mysql)
  const [[messages]] = await mysql.pool.query<RowDataPacket[]>("SHOW TABLES LIKE 'messages'")
  t.ok(messages)
})

test('[STORE6] a lock that cannot be acquired causes an error with this reason', async (t) => {
  const database = await createEmptyDatabase(t)
  const holder = await database.openNode().pool.getConnection()
  const [[lock]] = await holder.query<RowDataPacket[]>(
    "SELECT CONCAT('engineer-chat-migrate-', LEFT(SHA2(DATABASE(), 256), 16)) AS lock_name",
  )
  await holder.query('SELECT GET_LOCK(?, 0)', [lock?.lock_name])
  await t.rejects(migrate(database.openNode(), { waitSeconds: 0 }), { message: /Another process has been migrating/ })
  holder.release()
})

test('[STORE6] a migration does not block the readers of a table, and continues when a long transaction has ended', async (t) => {
  const { migrateBehindReader, reader, hasColumn, mysql } = await setUpReader(t)
  const migrated = migrateBehindReader()
  await waitUntilBlocked(mysql)

  const otherReader = await mysql.pool.getConnection()
  await otherReader.query('SET SESSION lock_wait_timeout = 10')
  await otherReader.query('SELECT COUNT(*) FROM messages')
  t.notOk(await hasColumn(), 'another connection reads while the first transaction still uses the table')
  otherReader.release()

  await reader.query('COMMIT')
  reader.release()
  await migrated
  t.ok(await hasColumn())
})

test('[STORE6] a migration that finds a table in use at its last try says so, and the next migration succeeds', async (t) => {
  const { migrateBehindReader, reader, hasColumn, mysql } = await setUpReader(t)
  await t.rejects(migrateBehindReader(1), { name: 'MigrationBlockedError', message: /transaction or a dump/ })
  await reader.query('COMMIT')
  reader.release()
  await migrate(mysql)
  t.ok(await hasColumn())
})

/** Prepares a database that lacks a column of `messages`, and a transaction that has read this table. */
async function setUpReader(t: Test) {
  const database = await createMigratedDatabase(t)
  const mysql = database.openNode()
  await mysql.pool.query('DELETE FROM __drizzle_migrations')
  await mysql.pool.query('ALTER TABLE messages DROP COLUMN request_id')
  const reader = await mysql.pool.getConnection()
  await reader.query('BEGIN')
  await reader.query('SELECT COUNT(*) FROM messages')
  return {
    ...{ mysql, reader },
    migrateBehindReader: (lockTries?: number) =>
      migrate(database.openNode(), lockTries === undefined ? {} : { lockTries }),
    hasColumn: async () => {
      const [columns] = await mysql.pool.query<RowDataPacket[]>(
        `SELECT 1 FROM information_schema.columns
         WHERE table_schema = DATABASE() AND table_name = 'messages' AND column_name = 'request_id'`,
      )
      return columns.length > 0
    },
  }
}

/** Resolves when a change of a table of this database waits for a user of the table. */
async function waitUntilBlocked({ pool }: Mysql): Promise<void> {
  for (let isBlocked = false; !isBlocked; ) {
    const [threads] = await pool.query<RowDataPacket[]>(
      "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting for table metadata%'",
    )
    isBlocked = threads.length > 0
  }
}

test('[STORE7] all text columns are compared byte by byte', async (t) => {
  const database = await createEmptyDatabase(t)
  const { pool } = database.openNode()
  await migrate(database.openNode())
  const [columns] = await pool.query<RowDataPacket[]>(
    `SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = ? AND table_name NOT LIKE '\\_\\_%' AND collation_name <> 'utf8mb4_bin'`,
    [database.name],
  )
  t.same(columns, [])
})
