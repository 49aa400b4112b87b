import { PIECE_RULES } from '@engineer-chat/chat/ranking'
import type { Principal } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import type { Search } from './evaluate.ts'
import { type GoldenDocument, toDocumentId } from './types.ts'

const READER: Principal = { user_id: 'golden-reader', role: 'engineer' }
/** Several pieces may belong to one document. */
const FOUND_PIECES = 20
const BATCH = 100

/** Stores documents as a worker stores those of its folder, indexes them, and returns how a prompt finds them. */
export async function storeDocuments(stores: Stores, documents: GoldenDocument[]): Promise<Search> {
  for (const { id: _, ...document } of documents) await stores.documents.putDerived(document, 1)
  while (await stores.textIndex.indexNextPieces(BATCH, PIECE_RULES));
  return async (text) => {
    const pieces = await stores.documents.findFitting(READER, { text, limit: FOUND_PIECES })
    return pieces.flatMap(({ path }) => (path === undefined ? [] : toDocumentId(path)))
  }
}
