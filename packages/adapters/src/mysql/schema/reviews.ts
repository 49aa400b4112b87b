import type { FilterFinding, Verdict } from '@engineer-chat/protocol'
import { index, int, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import { createdAtColumn, id, instant, json, messageId, updatedAtColumn } from './columns.ts'

export const feedback = mysqlTable(
  'feedback',
  {
    message_id: messageId('message_id').notNull(),
    user_id: id('user_id').notNull(),
    rating: varchar('rating', { length: 8 }).notNull(),
    comment: varchar('comment', { length: 2000 }),
    created_at: createdAtColumn(),
    updated_at: updatedAtColumn(),
  },
  (table) => [primaryKey({ columns: [table.message_id, table.user_id] })],
)

/** Lists replies in which the output filter found something, for admins to review. */
export const flaggedReplies = mysqlTable(
  'flagged_replies',
  {
    message_id: messageId('message_id').primaryKey(),
    /** Holds the attempt whose text was flagged. */
    attempt: int('attempt').notNull(),
    hits: json<FilterFinding[]>('hits').notNull(),
    /** Null means that no admin has reviewed the reply. */
    verdict: varchar('verdict', { length: 16 }).$type<Verdict>(),
    note: varchar('note', { length: 2000 }),
    reviewed_by: id('reviewed_by'),
    reviewed_at: instant('reviewed_at'),
    created_at: createdAtColumn(),
  },
  (table) => [index('idx_created').on(table.created_at, table.message_id)],
)
