import { sql } from 'drizzle-orm'
import { bigint, datetime, varchar } from 'drizzle-orm/mysql-core'

/** The protocol allows 64 characters for an id. */
export const id = (name: string) => varchar(name, { length: 64 })
/** The specification types message ids as 255 characters. */
export const messageId = (name: string) => varchar(name, { length: 255 })
/** The column holds a SHA-256 in hex. */
export const hash = (name: string) => varchar(name, { length: 64 })
/** The column holds a time in UTC, taken from MySQL's clock. */
export const instant = (name: string) => datetime(name, { fsp: 3, mode: 'string' })

const now = sql`CURRENT_TIMESTAMP(3)`
export const createdAtColumn = () => instant('created_at').notNull().default(now)
export const updatedAtColumn = () => instant('updated_at').notNull().default(now)
export const serial = () => bigint('id', { mode: 'number', unsigned: true }).autoincrement()
export const counter = (name: string) => bigint(name, { mode: 'number', unsigned: true })

export const amount = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0)
