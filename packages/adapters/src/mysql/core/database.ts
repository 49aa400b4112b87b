import { getTableColumns, is, SQL, sql } from 'drizzle-orm'
import type { MySqlInsertValue, MySqlTable } from 'drizzle-orm/mysql-core'
import { drizzle, type MySql2Database } from 'drizzle-orm/mysql2'
import type { Pool } from 'mysql2/promise'
import { createWrite, type Statement } from './round-trip.ts'
import type { Tx } from './transaction.ts'

/**
 * Offers drizzle's typed queries, but not drizzle's transactions, because this system's transactions keep one order of
 * locks.
 */
export type Database = Pick<MySql2Database, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute'>

/**
 * Returns typed queries on this pool, or within this transaction. They run through the client's own `query`, so the
 * client's session settings, time-outs and errors apply. Creating the object takes 3 µs, so it is not cached.
 */
export const toDatabase = (client: Pool | Tx): Database => drizzle(client)

/** Makes a typed query a statement that shares a round trip with others. Its result is the count of affected rows. */
export function toWrite(query: { toSQL(): { sql: string; params: unknown[] } }): Statement<number> {
  const { sql: text, params } = query.toSQL()
  return createWrite(text, params)
}

/** Reads the time at which the statement began, before it waited for a lock. */
export const NOW = sql<string>`NOW(3)`
/** Reads the time after the wait for a lock, so that the times of a room do not run backwards. */
export const NOW_UNDER_LOCK = sql<string>`SYSDATE(3)`

/**
 * Inserts a row that a SELECT returns, so that one statement both checks and writes. `from` is the text after the
 * SELECT's values. Returns the count of affected rows, which is 0 if nothing was selected.
 */
export async function insertSelected<T extends MySqlTable>(
  db: Database,
  table: T,
  row: MySqlInsertValue<T>,
  from: SQL,
): Promise<number> {
  const entries = Object.entries(getTableColumns(table)).flatMap(([key, column]) => {
    const value: unknown = Reflect.get(row, key)
    return value === undefined ? [] : [{ column, value: is(value, SQL) ? value : sql.param(value, column) }]
  })
  const names = entries.map(({ column }) => sql.identifier(column.name))
  const values = entries.map(({ value }) => value)
  const [{ affectedRows }] = await db.execute(
    sql`INSERT INTO ${table} (${sql.join(names, COMMA)}) SELECT ${sql.join(values, COMMA)} ${from}`,
  )
  return affectedRows
}

const COMMA = sql`, `

/** Leaves a condition out if its value is undefined. */
export const ifGiven = <V>(value: V | undefined, condition: (value: V) => SQL | undefined): SQL | undefined =>
  value === undefined ? undefined : condition(value)
