import { date, json, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import { updatedAtColumn } from './columns.ts'

/** Counts a day's questions by the model that answered. A worker computes the rows from the messages, admins read them. */
export const chatDays = mysqlTable(
  'chat_days',
  {
    day: date('day', { mode: 'string' }).notNull(),
    model: varchar('model', { length: 128 }).notNull(),
    figures: json('figures').notNull(),
    updated_at: updatedAtColumn(),
  },
  (table) => [primaryKey({ columns: [table.day, table.model] })],
)
