import type { FoundPiece, SearchDocumentsQuery } from '@engineer-chat/protocol'
import type { Items, Principal, VerbReport } from '../shared/index.ts'
import { type DocumentContext, requireDocumentRights } from './document-access.ts'
import { listDocumentEvents } from './verb-reports.ts'

/** The search for pieces with all words ignores the words of the query after this many. */
const MAX_WORDS = 10

interface SearchContext extends DocumentContext {
  /**
   * Limits the search for pieces with all words. It reads whole documents, and stops after the document with
   * which it has read this many pieces.
   */
  maxSearchedPieces: number
}

/**
 * Lists first the pieces that contain all words of the query, then other pieces that fit the query.
 *
 * - Pieces with all words come from the documents for everybody and from documents of events: of the event that the
 *   query names, or else of all events that the caller may enter.
 * - Other pieces come from the documents for everybody and from the documents of the event that the query names. They
 *   are found with an index, so a new piece is among them only after some seconds.
 * @throws ChatError event_not_found, forbidden
 */
export async function searchDocuments(
  ctx: SearchContext,
  caller: Principal,
  { q, event_id, limit = 20 }: SearchDocumentsQuery,
): Promise<Items<FoundPiece>> {
  await requireDocumentRights(ctx, caller, event_id)
  const words = q.trim().split(/\s+/).slice(0, MAX_WORDS)
  const eventFilter = event_id === undefined ? {} : { event_id }
  const withAllWords = await ctx.documents.search(caller, {
    words,
    ...eventFilter,
    limit,
    maxPieces: ctx.maxSearchedPieces,
  })
  const fittingPieces =
    withAllWords.length < limit ? await ctx.documents.findFitting(caller, { text: q, ...eventFilter, limit }) : []
  const keysWithAllWords = new Set(withAllWords.map(toPieceKey))
  const otherPieces = fittingPieces
    .filter((piece) => !keysWithAllWords.has(toPieceKey(piece)))
    .map(({ relevance: _, ...piece }) => piece)
  return { items: [...withAllWords, ...otherPieces].slice(0, limit), next_cursor: null }
}

const toPieceKey = ({ document_id, piece }: FoundPiece): string => `${document_id} ${piece}`

searchDocuments.report = { listShownEvents: listDocumentEvents } satisfies VerbReport<
  SearchDocumentsQuery,
  Items<FoundPiece>
>
