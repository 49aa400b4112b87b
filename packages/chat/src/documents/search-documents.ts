import type { FoundPiece, SearchDocumentsQuery } from '@engineer-chat/protocol'
import type { Items, Principal, VerbReport } from '../shared/index.ts'
import { type DocumentContext, requireDocumentRights } from './document-access.ts'
import { listDocumentEvents } from './verb-reports.ts'

/** The search for pieces that contain all words uses only the first words of the query, at most this many. */
const MAX_WORDS = 10

interface SearchContext extends DocumentContext {
  /** The search for pieces that contain all words reads no further document after it has read this many pieces. */
  maxSearchedPieces: number
}

/**
 * Finds the pieces that contain all words of the query, and after them other pieces that fit it. It searches the
 * documents for everybody, and the documents of one event or of all events that the caller may enter. Without an event,
 * the other pieces are only of documents for everybody. They come from an index, which is some seconds behind.
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
  const containing = await ctx.documents.search(caller, {
    words,
    ...eventFilter,
    limit,
    maxPieces: ctx.maxSearchedPieces,
  })
  const fitting =
    containing.length < limit ? await ctx.documents.findFitting(caller, { text: q, ...eventFilter, limit }) : []
  const containingKeys = new Set(containing.map(toPieceKey))
  const onlyFitting = fitting
    .filter((piece) => !containingKeys.has(toPieceKey(piece)))
    .map(({ relevance: _, ...piece }) => piece)
  return { items: [...containing, ...onlyFitting].slice(0, limit), next_cursor: null }
}

const toPieceKey = ({ document_id, piece }: FoundPiece): string => `${document_id} ${piece}`

searchDocuments.report = { listShownEvents: listDocumentEvents } satisfies VerbReport<
  SearchDocumentsQuery,
  Items<FoundPiece>
>
