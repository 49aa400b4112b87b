import type { DocumentPiece, DocumentText } from '@engineer-chat/chat/documents'
import { and, eq, lt, sql } from 'drizzle-orm'
import { type Database, NOW_UNDER_LOCK, type Tx, toDatabase } from '../core/index.ts'
import { removePiecesFromIndex } from '../ranking/index.ts'
import { documentPieces, documents, documentVersions, legalHolds } from '../schema/index.ts'

/** One statement inserts at most this many pieces, so that it fits into a packet. */
const INSERT_ROWS = 200

interface Replacement {
  text: DocumentText & { updated_by: string | null }
  pieces: DocumentPiece[]
  keptVersions: number
}

/**
 * Replaces the text of a document whose row the caller has locked. The previous text becomes an earlier version. A
 * document that was removed is there again.
 */
export async function replaceText(tx: Tx, document_id: string, { text, pieces, keptVersions }: Replacement) {
  const db = toDatabase(tx)
  await keepVersion(db, document_id)
  await db
    .update(documents)
    .set({ ...text, version: sql`${documents.version} + 1`, updated_at: NOW_UNDER_LOCK, removed_at: null })
    .where(eq(documents.document_id, document_id))
  await removePieces(tx, document_id)
  await insertPieces(db, document_id, pieces)
  await removeOldVersions(db, document_id, keptVersions)
}

async function keepVersion(db: Database, document_id: string): Promise<void> {
  const [row] = await db.select().from(documents).where(eq(documents.document_id, document_id))
  if (!row) return
  const { version, title, kind, language, tlp, content, updated_by, updated_at } = row
  await db
    .insert(documentVersions)
    .values({ document_id, version, title, kind, language, tlp, content, updated_by, updated_at })
}

/** A legal hold keeps every version. */
async function removeOldVersions(db: Database, document_id: string, keptVersions: number): Promise<void> {
  const [row] = await db
    .select({ version: documents.version, hold: legalHolds.event_id })
    .from(documents)
    .leftJoin(legalHolds, eq(legalHolds.event_id, documents.event_id))
    .where(eq(documents.document_id, document_id))
  if (!row || row.hold !== null) return
  const isOld = lt(documentVersions.version, row.version - keptVersions)
  await db.delete(documentVersions).where(and(eq(documentVersions.document_id, document_id), isOld))
}

export async function removePieces(tx: Tx, document_id: string): Promise<void> {
  await removePiecesFromIndex(tx, document_id)
  await toDatabase(tx).delete(documentPieces).where(eq(documentPieces.document_id, document_id))
}

export async function insertPieces(db: Database, document_id: string, pieces: DocumentPiece[]): Promise<void> {
  const rows = pieces.map((fields, piece) => ({ document_id, piece, ...fields }))
  for (let start = 0; start < rows.length; start += INSERT_ROWS) {
    await db.insert(documentPieces).values(rows.slice(start, start + INSERT_ROWS))
  }
}
