import type { DocumentAccess, DocumentKind, Tlp } from '@engineer-chat/protocol'
import {
  boolean,
  index,
  int,
  mediumtext,
  mysqlTable,
  primaryKey,
  text,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/mysql-core'
import { counter, createdAtColumn, hash, id, instant, json, updatedAtColumn } from './columns.ts'

const TEXT_COLUMNS = {
  title: varchar('title', { length: 255 }).notNull(),
  kind: varchar('kind', { length: 16 }).$type<DocumentKind>().notNull(),
  language: varchar('language', { length: 16 }).notNull(),
  /** Holds the document's own TLP label. Readers get the event's label if that is stricter. */
  tlp: varchar('tlp', { length: 16 }).$type<Tlp>().notNull(),
  content: mediumtext('content').notNull(),
  /** Null means that no person wrote the document. */
  updated_by: id('updated_by'),
}

/** Holds the newest version of each document. */
export const documents = mysqlTable(
  'documents',
  {
    document_id: id('document_id').primaryKey(),
    access: varchar('access', { length: 16 }).$type<DocumentAccess>().notNull(),
    event_id: id('event_id'),
    ...TEXT_COLUMNS,
    /** Each change raises the version, and a removal too. */
    version: int('version').notNull().default(1),
    /** Holds the hash of the import key. It is null for a document that a person created. */
    origin_hash: hash('origin_hash'),
    /** Holds the path within the folder of runbooks. */
    path: varchar('path', { length: 512 }),
    created_at: createdAtColumn(),
    updated_at: updatedAtColumn(),
    /** A removal sets this time: nobody reads the document from then on, and retention removes the row. */
    removed_at: instant('removed_at'),
  },
  (table) => [
    uniqueIndex('uq_origin').on(table.origin_hash),
    index('idx_updated').on(table.updated_at, table.document_id),
    index('idx_event').on(table.event_id, table.updated_at),
    index('idx_removed').on(table.removed_at),
  ],
)

/** Keeps the earlier versions of documents. */
export const documentVersions = mysqlTable(
  'document_versions',
  {
    document_id: id('document_id').notNull(),
    version: int('version').notNull(),
    ...TEXT_COLUMNS,
    /** The version was written at this time and was replaced at `created_at`. */
    updated_at: instant('updated_at').notNull(),
    created_at: createdAtColumn(),
  },
  (table) => [primaryKey({ columns: [table.document_id, table.version] }), index('idx_created').on(table.created_at)],
)

/** Holds the pieces of the newest versions, which are written together with the text that they are made of. */
export const documentPieces = mysqlTable(
  'document_pieces',
  {
    document_id: id('document_id').notNull(),
    /** Numbers the pieces of the document. The first one is 0. */
    piece: int('piece').notNull(),
    headings: json<string[]>('headings').notNull(),
    anchor: varchar('anchor', { length: 255 }).notNull(),
    text: text('text').notNull(),
    /** Identifies the piece in the text index. The pieces of a newer text get new numbers. */
    entry: int('entry', { unsigned: true }).autoincrement().notNull(),
    /** Is true after a worker has put the piece into the text index. */
    indexed: boolean('indexed').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.document_id, table.piece] }),
    uniqueIndex('uq_entry').on(table.entry),
    index('idx_indexed').on(table.indexed, table.entry),
  ],
)

/** Records the sequence number that the room of a closed event had when documents were made from the event. */
export const eventClosings = mysqlTable('event_closings', {
  event_id: id('event_id').primaryKey(),
  seq: counter('seq').notNull(),
  updated_at: updatedAtColumn(),
})
