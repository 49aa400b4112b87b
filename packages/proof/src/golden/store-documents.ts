import { PIECE_RULES } from '@engineer-chat/chat/ranking'
import type { Principal } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import type { Search } from './evaluate-documents.ts'
import { type GoldenDocument, toDocumentId } from './types.ts'

const READER: Principal = { user_id: 'golden-reader', role: 'engineer' }
/** `evaluateDocuments` counts only five documents, but several of these pieces may belong to one document. */
const FOUND_PIECES = 20
const BATCH_SIZE = 100
const KEPT_VERSIONS = 1

/** Stores and indexes documents as a worker does. */
export async function storeDocuments(stores: Stores, documents: GoldenDocument[]): Promise<void> {
  for (const { id: _, ...document } of documents) await stores.documents.importDocument(document, KEPT_VERSIONS)
  while (await stores.textIndex.indexNextPieces(BATCH_SIZE, PIECE_RULES));
}

/** Creates the search by which a prompt finds stored documents. */
export function createSearch(stores: Stores): Search {
  return async (text, earlier = []) => {
    const pieces = await stores.documents.findFitting(READER, { text, earlier, limit: FOUND_PIECES })
    return pieces.flatMap(({ path }) => (path === undefined ? [] : toDocumentId(path)))
  }
}
