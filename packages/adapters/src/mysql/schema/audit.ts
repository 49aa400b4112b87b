import type { AuditRecord } from '@engineer-chat/protocol'
import { index, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import { createdAtColumn, id, messageId, serial } from './columns.ts'

/**
 * Records who did what. Rows are added and read, never changed; only retention removes them. The table is partitioned
 * by the month of `created_at`, so MySQL demands this column in the primary key.
 */
export const auditLog = mysqlTable(
  'audit_log',
  {
    id: serial().notNull(),
    created_at: createdAtColumn(),
    action: varchar('action', { length: 32 }).$type<AuditRecord['action']>().notNull(),
    actor: id('actor'),
    /** Holds the IP address of the client. */
    address: varchar('address', { length: 45 }),
    object_type: varchar('object_type', { length: 16 }).$type<AuditRecord['object_type']>().notNull(),
    object_id: messageId('object_id'),
    event_id: id('event_id'),
    detail: varchar('detail', { length: 255 }),
    request_id: varchar('request_id', { length: 64 }),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.created_at] }),
    index('idx_created').on(table.created_at),
    index('idx_actor').on(table.actor, table.id),
    index('idx_event').on(table.event_id, table.id),
  ],
)

/** Lists the events under a legal hold. Retention removes nothing that belongs to them. */
export const legalHolds = mysqlTable('legal_holds', {
  event_id: id('event_id').primaryKey(),
  held_by: id('held_by'),
  created_at: createdAtColumn(),
})
