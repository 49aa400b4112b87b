import { sql } from 'drizzle-orm'
import { bigint, customType, varchar } from 'drizzle-orm/mysql-core'
import { fromIso, parseJson, toIso } from './column-types.ts'

/** The protocol allows 64 characters for an id. */
export const id = (name: string) => varchar(name, { length: 64 })
/** The specification allows 255 characters for a message's id. */
export const messageId = (name: string) => varchar(name, { length: 255 })
/** The column holds a SHA-256 in hex. */
export const hash = (name: string) => varchar(name, { length: 64 })
/** The column holds a time in UTC, taken from MySQL's clock. Typed queries take and return it in the wire's format. */
export const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'datetime(3)',
  toDriver: fromIso,
  fromDriver: toIso,
})

/** The column holds an object or a list as JSON. */
export const json = <T extends object>(name: string) =>
  customType<{ data: T; driverData: T | string }>({
    dataType: () => 'json',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: parseJson,
  })(name)

/** The column holds bytes of this type. */
export const bytes = (name: string, type: 'blob' | 'binary(8)' | 'varbinary(4096)') =>
  customType<{ data: Buffer }>({ dataType: () => type })(name)

const now = sql`CURRENT_TIMESTAMP(3)`
export const createdAtColumn = () => instant('created_at').notNull().default(now)
export const updatedAtColumn = () => instant('updated_at').notNull().default(now)
export const serial = () => bigint('id', { mode: 'number', unsigned: true }).autoincrement()
export const counter = (name: string) => bigint(name, { mode: 'number', unsigned: true })

/** The column holds tokens, or millionths of the models file's currency. */
export const amount = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0)
