import { and, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { MySqlColumn } from 'drizzle-orm/mysql-core'
import type { Pool } from 'mysql2/promise'
import { toDatabase, transaction } from '../core/index.ts'
import { documents, documentVersions, legalHolds } from '../schema/index.ts'

/** Selects rows whose document belongs to an event without a legal hold, or to everybody. */
export const isDocumentFreeOfLegalHold = (document_id: MySqlColumn): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM ${documents} JOIN ${legalHolds} ON ${eq(legalHolds.event_id, documents.event_id)}
    WHERE ${documents.document_id} = ${document_id})`

/**
 * Removes the rows of documents that were removed at least this many days ago. Their pieces are gone already.
 */
export async function removeDocuments(pool: Pool, olderThanDays: number, limit: number): Promise<number> {
  const isRemovable = and(
    isNotNull(documents.removed_at),
    sql`${documents.removed_at} < NOW(3) - INTERVAL ${olderThanDays} DAY`,
    sql`(${documents.event_id} IS NULL
      OR ${documents.event_id} NOT IN (SELECT ${legalHolds.event_id} FROM ${legalHolds}))`,
  )
  const oldDocuments = await toDatabase(pool)
    .select({ document_id: documents.document_id })
    .from(documents, { forceIndex: 'idx_removed' })
    .where(isRemovable)
    .limit(limit)
  if (oldDocuments.length === 0) return 0
  const ids = oldDocuments.map(({ document_id }) => document_id)
  await transaction(pool, async (tx) => {
    const db = toDatabase(tx)
    // A file that was missing in the folder may be there again. Then its document does not count as removed any more.
    const stillRemovable = await db
      .select({ document_id: documents.document_id })
      .from(documents)
      .where(and(inArray(documents.document_id, ids), isRemovable))
      .for('update')
    if (stillRemovable.length === 0) return
    const removedIds = stillRemovable.map(({ document_id }) => document_id)
    await db.delete(documentVersions).where(inArray(documentVersions.document_id, removedIds))
    await db.delete(documents).where(inArray(documents.document_id, removedIds))
  })
  return oldDocuments.length
}
