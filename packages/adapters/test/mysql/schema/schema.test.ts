import { is } from 'drizzle-orm'
import { getTableConfig, MySqlTable } from 'drizzle-orm/mysql-core'
import type { RowDataPacket } from 'mysql2/promise'
import { test } from 'tap'
import * as schema from '../../../src/mysql/schema/index.ts'
import { createMigratedDatabase } from '../setup.ts'

test('[STORE6] the migrations create the tables that the schema describes', async (t) => {
  const database = await createMigratedDatabase(t)
  const { pool } = database.openNode()
  const readNames = async (sql: string) => {
    const [rows] = await pool.query<RowDataPacket[]>(sql, [database.name])
    return rows.map((row) => row.found as string).sort()
  }
  const columns = await readNames(
    `SELECT CONCAT(table_name, '.', column_name, IF(is_nullable = 'YES', '?', '')) AS found
     FROM information_schema.columns WHERE table_schema = ? AND table_name NOT LIKE '\\_\\_%'`,
  )
  const indexes = await readNames(
    `SELECT CONCAT(table_name, '.', index_name, ' ', GROUP_CONCAT(column_name ORDER BY seq_in_index)) AS found
     FROM information_schema.statistics WHERE table_schema = ? AND table_name NOT LIKE '\\_\\_%'
       AND index_name <> 'PRIMARY' GROUP BY table_name, index_name`,
  )
  const tables = Object.values(schema)
    .filter((value) => is(value, MySqlTable))
    .map(getTableConfig)
  t.same(
    columns,
    tables
      .flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}${column.notNull ? '' : '?'}`))
      .sort(),
  )
  const schemaIndexes = tables.flatMap(({ name, indexes }) =>
    indexes.map(({ config }) => {
      const columnNames = config.columns.map((column) => ('name' in column ? column.name : ''))
      return `${name}.${config.name} ${columnNames.join(',')}`
    }),
  )
  t.same(indexes, schemaIndexes.sort())
})
