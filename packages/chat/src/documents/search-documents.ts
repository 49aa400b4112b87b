import type { FoundPiece, SearchDocumentsQuery } from '@engineer-chat/protocol'
import type { Items, Principal, VerbReport } from '../shared/index.ts'
import { type DocumentContext, requireScopeRights } from './document-access.ts'
import { showDocumentEvents } from './reports.ts'

/** A search uses only this many words of the query, the first ones. */
const MAX_WORDS = 10

interface SearchContext extends DocumentContext {
  maxSearchedPieces: number
}

/**
 * Finds first the pieces that contain all of the words, then other pieces that fit them. It searches the documents for
 * everybody, and those of one event or of all events that the caller may enter. The index of fitting pieces is some
 * seconds behind, but is not limited to `maxSearchedPieces`.
 * @throws ChatError event_not_found, forbidden
 */
export async function searchDocuments(
  ctx: SearchContext,
  caller: Principal,
  { q, event_id, limit = 20 }: SearchDocumentsQuery,
): Promise<Items<FoundPiece>> {
  await requireScopeRights(ctx, caller, event_id)
  const words = q.trim().split(/\s+/).slice(0, MAX_WORDS)
  const scope = event_id === undefined ? {} : { event_id }
  const containing = await ctx.documents.search(caller, { words, ...scope, limit, maxPieces: ctx.maxSearchedPieces })
  const fitting = containing.length < limit ? await ctx.documents.findFitting(caller, { text: q, ...scope, limit }) : []
  const containingKeys = new Set(containing.map(toKey))
  const others = fitting.filter((piece) => !containingKeys.has(toKey(piece))).map(({ relevance: _, ...piece }) => piece)
  return { items: [...containing, ...others].slice(0, limit), next_cursor: null }
}

const toKey = ({ document_id, piece }: FoundPiece): string => `${document_id} ${piece}`

searchDocuments.report = { shownEvents: showDocumentEvents } satisfies VerbReport<
  SearchDocumentsQuery,
  Items<FoundPiece>
>
