import { and, asc, type SQL, sql } from 'drizzle-orm'
import type { MySqlColumn, MySqlTable } from 'drizzle-orm/mysql-core'
import type { Database } from '../core/index.ts'
import { isDocumentFreeOfLegalHold } from '../documents/index.ts'
import { documentVersions, eventChanges, flaggedReplies, llmCalls, replyVersions, voiceCalls } from '../schema/index.ts'
import { isMessageFreeOfLegalHold, isNullOrFreeOfLegalHold, isOlderThan } from './legal-holds.ts'

/** Describes a kind of records and how its old rows are found. */
interface RecordKind {
  table: MySqlTable
  /** Lists the columns that identify a row. */
  key: MySqlColumn[]
  created_at: MySqlColumn
  /** Selects rows that no legal hold keeps. */
  isRemovable: SQL | undefined
}

const CALLS: RecordKind = {
  table: llmCalls,
  key: [llmCalls.id],
  created_at: llmCalls.created_at,
  isRemovable: isMessageFreeOfLegalHold(llmCalls.message_id),
}

/**
 * Lists the tables of records about chats and events, without the messages and the calls to models. Each table has an
 * index on `created_at`.
 */
const KINDS: RecordKind[] = [
  {
    table: flaggedReplies,
    key: [flaggedReplies.message_id],
    created_at: flaggedReplies.created_at,
    isRemovable: isMessageFreeOfLegalHold(flaggedReplies.message_id),
  },
  {
    table: replyVersions,
    key: [replyVersions.message_id, replyVersions.attempt],
    created_at: replyVersions.created_at,
    isRemovable: isMessageFreeOfLegalHold(replyVersions.message_id),
  },
  {
    table: eventChanges,
    key: [eventChanges.event_id, eventChanges.seq],
    created_at: eventChanges.created_at,
    isRemovable: isNullOrFreeOfLegalHold(eventChanges.event_id),
  },
  {
    table: documentVersions,
    key: [documentVersions.document_id, documentVersions.version],
    created_at: documentVersions.created_at,
    isRemovable: isDocumentFreeOfLegalHold(documentVersions.document_id),
  },
  {
    table: voiceCalls,
    key: [voiceCalls.call_id],
    created_at: voiceCalls.created_at,
    isRemovable: isNullOrFreeOfLegalHold(voiceCalls.event_id),
  },
]

/** Removes the oldest records first, at most `limit` of each kind, also those of removed messages. */
export async function removeRecords(db: Database, olderThanDays: number, limit: number): Promise<number> {
  let removed = 0
  for (const kind of KINDS) removed += await removeRecordsOfKind(db, kind, olderThanDays, limit)
  return removed
}

/** Removes rows of old calls to models. A caller uses it while `llm_calls` is not stored by month. */
export const removeCalls = (db: Database, olderThanDays: number, limit: number): Promise<number> =>
  removeRecordsOfKind(db, CALLS, olderThanDays, limit)

// The rows are found first, without locks, so that no writer of a room waits.
async function removeRecordsOfKind(
  db: Database,
  { table, key, created_at, isRemovable }: RecordKind,
  days: number,
  limit: number,
): Promise<number> {
  const oldRows = await db
    .select(Object.fromEntries(key.map((column) => [column.name, column])))
    .from(table, { forceIndex: 'idx_created' })
    .where(and(isOlderThan(created_at, days), isRemovable))
    .orderBy(asc(created_at))
    .limit(limit)
  if (oldRows.length === 0) return 0
  const keys = oldRows.map((row) => toTuple(key.map((column) => sql`${row[column.name]}`)))
  await db.delete(table).where(sql`${toTuple(key.map((column) => sql`${column}`))} IN ${toTuple(keys)}`)
  return oldRows.length
}

const toTuple = (parts: SQL[]): SQL => sql`(${sql.join(parts, sql`, `)})`
