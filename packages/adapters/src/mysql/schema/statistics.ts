import type { DayStats, ReplyStats } from '@engineer-chat/chat/operations'
import { date, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import { json, updatedAtColumn } from './columns.ts'

/** Holds what the row of the day itself counts. Days that an older version counted have no calls. */
export type DayFigures = Pick<DayStats, 'sessions' | 'people'> & Partial<Pick<DayStats, 'calls'>>
/** Holds what the row of a model counts. An older version counted less. */
export type ModelFigures = Partial<ReplyStats>

/** Counts a day's questions by the model that answered. A worker computes the rows from the messages, admins read them. */
export const chatDays = mysqlTable(
  'chat_days',
  {
    day: date('day', { mode: 'string' }).notNull(),
    model: varchar('model', { length: 128 }).notNull(),
    figures: json<DayFigures | ModelFigures>('figures').notNull(),
    updated_at: updatedAtColumn(),
  },
  (table) => [primaryKey({ columns: [table.day, table.model] })],
)
