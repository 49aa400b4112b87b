import type { ModelReport } from '@engineer-chat/chat/operations'
import { mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import { id, instant, updatedAtColumn } from './columns.ts'

/** Holds what each worker last reported about its models. Rows of workers that are gone stay for a day. */
export const modelHealth = mysqlTable(
  'model_health',
  {
    model_id: varchar('model_id', { length: 128 }).notNull(),
    worker_id: id('worker_id').notNull(),
    breaker: varchar('breaker', { length: 16 }).$type<NonNullable<ModelReport['breaker']>>(),
    last_success_at: instant('last_success_at'),
    last_failure_at: instant('last_failure_at'),
    last_failure_code: varchar('last_failure_code', { length: 32 }),
    updated_at: updatedAtColumn(),
  },
  (table) => [primaryKey({ columns: [table.model_id, table.worker_id] })],
)
