import type { FoundPiece, SearchDocumentsQuery } from '@engineer-chat/protocol'
import type { Items, Principal, VerbReport } from '../shared/index.ts'
import { type DocumentContext, requireScopeRights } from './document-access.ts'
import { showDocumentEvents } from './reports.ts'

/** A search for more words uses only the first ones. */
const MAX_WORDS = 10

interface SearchContext extends DocumentContext {
  maxSearchedPieces: number
}

/**
 * Finds the pieces of documents that hold the words, and then those that fit them otherwise: everybody's, and those of
 * one event or of all that the caller may enter. What fits is found some seconds after it was written, also where it is
 * not among the pieces that are read for the words.
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
  const held = await ctx.documents.search(caller, { words, ...scope, limit, maxPieces: ctx.maxSearchedPieces })
  const fitting = held.length < limit ? await ctx.documents.findFitting(caller, { text: q, ...scope, limit }) : []
  const known = new Set(held.map(toKey))
  const others = fitting.filter((piece) => !known.has(toKey(piece))).map(({ relevance: _, ...piece }) => piece)
  return { items: [...held, ...others].slice(0, limit), next_cursor: null }
}

const toKey = ({ document_id, piece }: FoundPiece): string => `${document_id} ${piece}`

searchDocuments.report = { shownEvents: showDocumentEvents } satisfies VerbReport<
  SearchDocumentsQuery,
  Items<FoundPiece>
>
