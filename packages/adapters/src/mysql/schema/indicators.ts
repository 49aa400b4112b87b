import type { Audience } from '@engineer-chat/chat/shared'
import type { IndicatorType } from '@engineer-chat/protocol'
import { index, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import { counter, hash, id, instant, updatedAtColumn } from './columns.ts'

/**
 * Lists which message contains which indicator, once per message and value. Indicators of the event's report have the
 * position 0. A worker derives the rows from `messages` and `events`, so they can be made again at any time.
 */
export const indicators = mysqlTable(
  'indicators',
  {
    event_id: id('event_id').notNull(),
    position: counter('position').notNull(),
    /** Holds the hash of type and value, because a URL is too long for an index. */
    value_hash: hash('value_hash').notNull(),
    type: varchar('type', { length: 16 }).$type<IndicatorType>().notNull(),
    value: varchar('value', { length: 2_048 }).notNull(),
    /** Holds the host of a URL or of an email address, and null for other types. */
    host: varchar('host', { length: 255 }),
    /** Holds the audience of the message; a report's is `all`. */
    audience: id('audience').$type<Audience>().notNull(),
    /** Holds the time at which the message was written, or the event was opened. */
    created_at: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.event_id, table.position, table.value_hash] }),
    index('idx_room').on(table.event_id, table.type, table.value_hash, table.audience, table.created_at),
    index('idx_value').on(table.value_hash, table.event_id, table.audience),
    index('idx_host').on(table.host),
    /** The migration limits this index to the first 191 characters, which drizzle-kit cannot express. */
    index('idx_text').on(table.value),
  ],
)

/**
 * Records the room's sequence number up to which its messages were read for indicators. Whatever changes the room's
 * rows in `indicators` locks this row first.
 */
export const indicatorProgress = mysqlTable('indicator_progress', {
  event_id: id('event_id').primaryKey(),
  seq: counter('seq').notNull().default(0),
  /**
   * The column is null until the report was read, and then equals `seq`. A worker of an older version raises only
   * `seq`. Two different values therefore mean that the report has to be read again.
   */
  report_seq: counter('report_seq'),
  updated_at: updatedAtColumn(),
})
