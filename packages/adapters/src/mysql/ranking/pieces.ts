import { PIECE_RELEVANCE_LIMITS, type PieceRules, type RankedEntry } from '@engineer-chat/chat/ranking'
import type { RankingQuery } from '@engineer-chat/chat/shared'
import { asc, eq, inArray } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { type Tx, toDatabase, transaction } from '../core/index.ts'
import { documentPieces, documents, textScopes } from '../schema/index.ts'
import { ABOVE_ALL_ENTRIES, rankScopes, type ScopesQuery } from './rank-scopes.ts'
import { replaceEntries } from './replace-entries.ts'
import { clearScope, lockScope, toDocumentScope } from './scopes.ts'

/** Looks without a transaction first: workers ask every few seconds, and nearly always no piece is left to index. */
export async function indexNextPieces(pool: Pool, limit: number, rules: PieceRules): Promise<boolean> {
  const unindexed = await toDatabase(pool)
    .select({ entry: documentPieces.entry })
    .from(documentPieces, { forceIndex: 'idx_indexed' })
    .where(eq(documentPieces.indexed, false))
    .limit(1)
  return unindexed.length > 0 && indexUnlockedPieces(pool, limit, rules)
}

/**
 * Takes pieces that neither another worker nor a change of their document has locked. Resolves to true if more may be
 * left.
 */
const indexUnlockedPieces = (pool: Pool, limit: number, rules: PieceRules): Promise<boolean> =>
  transaction(pool, async (tx) => {
    const db = toDatabase(tx)
    const next = await db
      .select({ entry: documentPieces.entry, document_id: documentPieces.document_id })
      .from(documentPieces, { forceIndex: 'idx_indexed' })
      .where(eq(documentPieces.indexed, false))
      .orderBy(asc(documentPieces.entry))
      .limit(limit)
      .for('update', { skipLocked: true })
    if (next.length === 0) return false
    const entries = next.map(({ entry }) => entry)
    const { title, event_id } = documents
    const { entry, headings, text } = documentPieces
    const pieces = await db
      .select({ entry, headings, text, title, event_id })
      .from(documentPieces)
      .innerJoin(documents, eq(documents.document_id, documentPieces.document_id))
      .where(inArray(entry, entries))
    // Every worker locks the scopes in this order.
    const scopes = [...Map.groupBy(pieces, (piece) => piece.event_id ?? '')].sort(([one], [other]) =>
      one < other ? -1 : 1,
    )
    for (const [scopeEventId, scopePieces] of scopes) {
      const scope_id = await lockScope(tx, toDocumentScope(scopeEventId))
      await replaceEntries(tx, scope_id, new Map(scopePieces.map((piece) => [piece.entry, rules.indexPiece(piece)])))
    }
    await db.update(documentPieces).set({ indexed: true }).where(inArray(entry, entries))
    return next.length === limit
  })

/** Removes the pieces of a document from the index, in the transaction in which the caller removes their rows. */
export async function removePiecesFromIndex(tx: Tx, document_id: string): Promise<void> {
  // This statement also waits for a worker that has locked one of these pieces to index it.
  const pieces = await toDatabase(tx)
    .select({ entry: documentPieces.entry, indexed: documentPieces.indexed, event_id: documents.event_id })
    .from(documentPieces)
    .innerJoin(documents, eq(documents.document_id, documentPieces.document_id))
    .where(eq(documentPieces.document_id, document_id))
    .for('update')
  const indexed = pieces.filter((piece) => piece.indexed)
  const [first] = indexed
  if (!first) return
  const scope_id = await lockScope(tx, toDocumentScope(first.event_id))
  await replaceEntries(tx, scope_id, new Map(indexed.map(({ entry }) => [entry, undefined])))
}

export async function resetPieces(pool: Pool): Promise<void> {
  const scopes = await toDatabase(pool)
    .select({ event_id: textScopes.event_id })
    .from(textScopes)
    .where(eq(textScopes.kind, 'document'))
    .orderBy(asc(textScopes.event_id))
  for (const { event_id } of scopes) await transaction(pool, (tx) => resetScope(tx, event_id))
}

async function resetScope(tx: Tx, event_id: string): Promise<void> {
  const db = toDatabase(tx)
  // Pieces are locked before their scope everywhere.
  const pieces = await db
    .select({ entry: documentPieces.entry })
    .from(documentPieces)
    .innerJoin(documents, eq(documents.document_id, documentPieces.document_id))
    .where(event_id === '' ? eq(documents.access, 'everybody') : eq(documents.event_id, event_id))
    .for('update')
  await clearScope(tx, await lockScope(tx, toDocumentScope(event_id)))
  const entries = pieces.map(({ entry }) => entry)
  if (entries.length === 0) return
  await db.update(documentPieces).set({ indexed: false }).where(inArray(documentPieces.entry, entries))
}

interface PieceQuery extends RankingQuery {
  event_id?: string | undefined
  limit: number
}

/**
 * Ranks pieces of the documents for everybody and of an event's documents. It does not check who may read the pieces.
 */
export const rankPieces = (pool: Pool, query: PieceQuery): Promise<RankedEntry[]> =>
  rankScopes(pool, query, toPieceScopes(query))

export function toPieceScopes({ event_id, limit }: Omit<PieceQuery, keyof RankingQuery>): ScopesQuery {
  const event_ids = [null, ...(event_id === undefined ? [] : [event_id])].map((id) => toDocumentScope(id).event_id)
  return { kind: 'document', event_ids, beforeEntry: ABOVE_ALL_ENTRIES, limit, relevanceLimits: PIECE_RELEVANCE_LIMITS }
}
