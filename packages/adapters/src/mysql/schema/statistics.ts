import type { DayStats, ReplyStats } from '@engineer-chat/chat/operations'
import { date, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import { json, updatedAtColumn } from './columns.ts'

/** A model's row has the counts of replies, and the day's row has the other counts. Older versions stored fewer. */
type Figures = Partial<ReplyStats & Pick<DayStats, 'sessions' | 'people' | 'session_ends' | 'calls'>>

/**
 * Counts a day's questions by the model that answered. A worker computes the rows from the messages, and admins read
 * them.
 */
export const chatDays = mysqlTable(
  'chat_days',
  {
    day: date('day', { mode: 'string' }).notNull(),
    /** Names a model. It is `*` in the row of the day, and empty in the row of replies without a model. */
    model: varchar('model', { length: 128 }).notNull(),
    figures: json<Figures>('figures').notNull(),
    updated_at: updatedAtColumn(),
  },
  (table) => [primaryKey({ columns: [table.day, table.model] })],
)
