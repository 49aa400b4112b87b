import type { DayStats, ReplyStats } from '@engineer-chat/chat/operations'
import { date, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import { json, updatedAtColumn } from './columns.ts'

/** Counts replies in the row of a model, and the rest in the row of the day itself. An older version counted less. */
type Figures = Partial<ReplyStats & Pick<DayStats, 'sessions' | 'people' | 'session_ends' | 'calls'>>

/**
 * Counts a day's questions by the model that answered. A worker computes the rows from the messages, admins read
 * them.
 */
export const chatDays = mysqlTable(
  'chat_days',
  {
    day: date('day', { mode: 'string' }).notNull(),
    model: varchar('model', { length: 128 }).notNull(),
    figures: json<Figures>('figures').notNull(),
    updated_at: updatedAtColumn(),
  },
  (table) => [primaryKey({ columns: [table.day, table.model] })],
)
