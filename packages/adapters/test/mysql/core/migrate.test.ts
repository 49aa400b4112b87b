import { is } from 'drizzle-orm'
import { MySqlTable } from 'drizzle-orm/mysql-core'
import type { RowDataPacket } from 'mysql2/promise'
import { test } from 'tap'
import { migrate } from '../../../src/mysql/core/migrate.ts'
import * as schema from '../../../src/mysql/schema/index.ts'
import { createEmptyDatabase, makeTimes } from '../setup.ts'

test('[STORE6] four nodes start at once on an empty database', async (t) => {
  const database = await createEmptyDatabase(t)
  const nodes = Array.from({ length: 4 }, () => database.openNode())
  await makeTimes(4, (index) => migrate(nodes[index] ?? database.openNode()))
  const [tables] = await database.openNode().pool.query<RowDataPacket[]>('SHOW TABLES')
  const described = Object.values(schema).filter((value) => is(value, MySqlTable))
  t.equal(tables.length, described.length + 1, 'and the one that counts the migrations')
  await migrate(database.openNode())
})

test('[STORE6] a migration that was cut short runs again from its beginning', async (t) => {
  const database = await createEmptyDatabase(t)
  const mysql = database.openNode()
  await migrate(mysql)
  await mysql.pool.query('DELETE FROM __drizzle_migrations')
  await mysql.pool.query('DROP TABLE messages')
  await migrate(mysql)
  const [[messages]] = await mysql.pool.query<RowDataPacket[]>("SHOW TABLES LIKE 'messages'")
  t.ok(messages)
})

test('[STORE6] a lock that cannot be acquired is an error that says so', async (t) => {
  const database = await createEmptyDatabase(t)
  const holder = await database.openNode().pool.getConnection()
  const [[name]] = await holder.query<RowDataPacket[]>(
    "SELECT CONCAT('engineer-chat-migrate-', LEFT(SHA2(DATABASE(), 256), 16)) AS of_lock",
  )
  await holder.query('SELECT GET_LOCK(?, 0)', [name?.of_lock])
  await t.rejects(migrate(database.openNode(), { waitSeconds: 0 }), { message: /Another process has been migrating/ })
  holder.release()
})

test('[STORE7] all text compares byte by byte', async (t) => {
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
