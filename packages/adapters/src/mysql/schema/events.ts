import type { EventChangeRecord } from '@engineer-chat/chat/shared'
import type { EventAccess, EventStatus, MemberRole, Severity, Tlp } from '@engineer-chat/protocol'
import { index, int, mediumtext, mysqlTable, primaryKey, uniqueIndex, varchar } from 'drizzle-orm/mysql-core'
import { counter, createdAtColumn, id, json, serial, updatedAtColumn } from './columns.ts'

/** An event is an incident and its room. Every write to a row of the room locks this row first. */
export const events = mysqlTable(
  'events',
  {
    event_id: id('event_id').primaryKey(),
    event_name: varchar('event_name', { length: 255 }).notNull(),
    message: mediumtext('message').notNull(),
    context: mediumtext('context').notNull(),
    severity: varchar('severity', { length: 16 }).$type<Severity>().notNull(),
    source: varchar('source', { length: 255 }).notNull(),
    event_status: varchar('event_status', { length: 32 }).$type<EventStatus>().notNull().default('pending'),
    access: varchar('access', { length: 16 }).$type<EventAccess>().notNull().default('open'),
    tlp: varchar('tlp', { length: 16 }).$type<Tlp>().notNull().default('amber'),
    /** Holds the highest number that the room has given out, for positions and for sequence numbers alike. */
    seq: counter('seq').notNull().default(0),
    summary_version: varchar('summary_version', { length: 64 }),
    created_by: id('created_by'),
    created_at: createdAtColumn(),
    updated_at: updatedAtColumn(),
  },
  (table) => [
    index('idx_created').on(table.created_at, table.event_id),
    index('idx_event_status').on(table.event_status, table.created_at),
  ],
)

export const eventMembers = mysqlTable(
  'event_members',
  {
    event_id: id('event_id').notNull(),
    user_id: id('user_id').notNull(),
    role: varchar('role', { length: 16 }).$type<MemberRole>().notNull(),
    created_at: createdAtColumn(),
  },
  (table) => [primaryKey({ columns: [table.event_id, table.user_id] }), index('idx_user').on(table.user_id)],
)

export const summaries = mysqlTable(
  'summaries',
  {
    /** A newer summary of an event has a higher id, because summaries are written under the room's lock. */
    id: serial().primaryKey(),
    event_id: id('event_id').notNull(),
    version: varchar('version', { length: 64 }).notNull(),
    round_id: int('round_id').notNull(),
    event_summary: mediumtext('event_summary').notNull(),
    event_suggestion: mediumtext('event_suggestion').notNull(),
    updated_at: updatedAtColumn(),
  },
  (table) => [
    uniqueIndex('uq_event_version').on(table.event_id, table.version),
    index('idx_event').on(table.event_id, table.id),
  ],
)

/** Records each change of an event, clustered by the room's sequence number that the change took. */
export const eventChanges = mysqlTable(
  'event_changes',
  {
    event_id: id('event_id').notNull(),
    seq: counter('seq').notNull(),
    /** Maps each changed field to its new value, or to null if the field is a long text. */
    changed: json<EventChangeRecord['changed']>('changed').notNull(),
    created_at: createdAtColumn(),
  },
  (table) => [primaryKey({ columns: [table.event_id, table.seq] }), index('idx_created').on(table.created_at)],
)
