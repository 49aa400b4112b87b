import { type ImportedDocument, type ImportOutcome, planImport } from '@engineer-chat/chat/documents'
import { createId, sha256 } from '@engineer-chat/chat/shared'
import { eq } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { toDatabase, transaction } from '../core/index.ts'
import { documents } from '../schema/index.ts'
import { insertPieces, replaceText } from './write-documents.ts'

/**
 * Creates the document of this import key, or replaces its text. The hash of the key is unique: a second worker that
 * imports the same document waits for the first one, and then finds the stored row.
 */
export async function importDocument(
  pool: Pool,
  document: ImportedDocument,
  keptVersions: number,
): Promise<ImportOutcome> {
  const { import_key, pieces, access, event_id, path, ...text } = document
  const origin_hash = sha256(import_key)
  return transaction(pool, async (tx) => {
    const db = toDatabase(tx)
    const document_id = createId()
    const identity = { document_id, origin_hash, access, event_id, path }
    // INSERT IGNORE is not used, because it would also store a value that does not fit its column.
    await db
      .insert(documents)
      .values({ ...identity, ...text, updated_by: null })
      .onDuplicateKeyUpdate({ set: { origin_hash } })
    const [stored] = await db.select().from(documents).where(eq(documents.origin_hash, origin_hash)).for('update')
    if (stored?.document_id === document_id) {
      await insertPieces(db, document_id, pieces)
      return 'created'
    }
    const outcome = planImport(stored && { ...stored, is_removed: stored.removed_at !== null }, document)
    if (stored && outcome === 'replaced') {
      await replaceText(tx, stored.document_id, { text: { ...text, updated_by: null }, pieces, keptVersions })
    }
    return outcome
  })
}
