import { mysqlTable, tinyint, varchar } from 'drizzle-orm/mysql-core'
import { createdAtColumn, id } from './columns.ts'

/** The table has one row, which the first process writes. A restored database gets a new id and a new key. */
export const installations = mysqlTable('installation', {
  /** The value is always 1, so that a second row is impossible. */
  one: tinyint('one').primaryKey(),
  installation_id: id('installation_id').notNull(),
  /** Holds the key with which the processes sign their messages over Redis, in hex. */
  hint_key: varchar('hint_key', { length: 64 }).notNull(),
  created_at: createdAtColumn(),
})
