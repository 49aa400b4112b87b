import { mysqlTable, tinyint, varchar } from 'drizzle-orm/mysql-core'
import { createdAtColumn, id } from './columns.ts'

/** Has one row, which the first process writes. A restored database gets another one. */
export const installations = mysqlTable('installation', {
  /** Is always 1, so that there is no second row. */
  one: tinyint('one').primaryKey(),
  installation_id: id('installation_id').notNull(),
  hint_key: varchar('hint_key', { length: 64 }).notNull(),
  created_at: createdAtColumn(),
})
