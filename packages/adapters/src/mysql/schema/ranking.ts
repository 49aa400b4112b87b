import { int, mysqlTable, primaryKey, uniqueIndex, varchar } from 'drizzle-orm/mysql-core'
import { bytes, counter, id, updatedAtColumn } from './columns.ts'

/**
 * Lists the sets of texts that are ranked together: the messages of a room, the pieces of documents with the same
 * readers, or all events. Whatever changes the set's rows in `text_entries` and `text_postings` locks the row here
 * first. A worker derives those rows, so they can be made again at any time.
 */
export const textScopes = mysqlTable(
  'text_scopes',
  {
    /** Identifies the scope in the other two tables, in four bytes, because those tables have many rows. */
    scope_id: int('scope_id', { unsigned: true }).autoincrement().primaryKey(),
    kind: varchar('kind', { length: 16 }).$type<'room' | 'document' | 'event'>().notNull(),
    /** The id is empty for everybody's documents, and for the scope of all events. */
    event_id: id('event_id').notNull(),
    /** Holds the room's sequence number up to which its messages were indexed. */
    seq: counter('seq').notNull().default(0),
    /** Holds the version of the summary that was indexed with the event, and null if the event has to be indexed. */
    event_version: varchar('event_version', { length: 64 }),
    entries: int('entries', { unsigned: true }).notNull().default(0),
    /** Holds the sum of the lengths of all entries. An entry's length is the sum of the frequencies of its terms. */
    total_length: counter('total_length').notNull().default(0),
    updated_at: updatedAtColumn(),
  },
  (table) => [uniqueIndex('uq_scope').on(table.kind, table.event_id)],
)

/** Holds the terms of each entry, so that a changed or removed entry leaves nothing behind in the postings. */
export const textEntries = mysqlTable(
  'text_entries',
  {
    scope_id: int('scope_id', { unsigned: true }).notNull(),
    /** Holds the position of a message, the `entry` of a piece, or for an event the `scope_id` of its room. */
    entry: int('entry', { unsigned: true }).notNull(),
    /** Holds nine bytes for each term: its hash and its frequency. */
    terms: bytes('terms', 'blob').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope_id, table.entry] })],
)

/** Holds the inverted index. A row lists which of 1,024 neighbouring entries contain a term. */
export const textPostings = mysqlTable(
  'text_postings',
  {
    scope_id: int('scope_id', { unsigned: true }).notNull(),
    /** Holds the first eight bytes of the term's SHA-256. */
    term: bytes('term', 'binary(8)').notNull(),
    block: int('block', { unsigned: true }).notNull(),
    /** Holds four bytes for each entry: its place in the block, the term's frequency and the entry's length. */
    postings: bytes('postings', 'varbinary(4096)').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope_id, table.term, table.block] })],
)
