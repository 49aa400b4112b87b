import type { DocumentStore, FittingPiece } from '@engineer-chat/chat/documents'
import type { RankedEntry } from '@engineer-chat/chat/ranking'
import type { Items, Principal, SourcePiece } from '@engineer-chat/chat/shared'
import type { FoundPiece, ListedDocument } from '@engineer-chat/protocol'
import { and, desc, eq, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import {
  type Database,
  fromCursor,
  ifGiven,
  isAfterKey,
  isEventReadable,
  toCursor,
  toDatabase,
  toItems,
} from '../core/index.ts'
import { rankPieces } from '../ranking/index.ts'
import { documentPieces, documents, events } from '../schema/index.ts'
import { LISTED_COLUMNS, toListed } from './document-row.ts'

/** This is the earliest time that a DATETIME can hold. */
const EARLIEST_TIME = '1000-01-01'

/** Selects documents that are not removed and that the person may read. */
const isReadable = (db: Database, caller: Principal): SQL | undefined =>
  and(
    isNull(documents.removed_at),
    or(eq(documents.access, 'everybody'), and(isNotNull(events.event_id), isEventReadable(db, caller))),
  )

export async function listDocuments(
  db: Database,
  caller: Principal,
  { event_id, access, kind, cursor, limit }: Parameters<DocumentStore['list']>[1],
): Promise<Items<ListedDocument>> {
  const afterKey = cursor === undefined ? undefined : fromCursor(cursor)
  if (cursor !== undefined && !afterKey) return { items: [], next_cursor: null }
  const found = await db
    .select(LISTED_COLUMNS)
    .from(documents)
    .leftJoin(events, eq(events.event_id, documents.event_id))
    .where(
      and(
        isReadable(db, caller),
        ifGiven(event_id, (id) => eq(documents.event_id, id)),
        ifGiven(access, (value) => eq(documents.access, value)),
        ifGiven(kind, (value) => eq(documents.kind, value)),
        afterKey && isAfterKey(documents.updated_at, documents.document_id, afterKey),
      ),
    )
    .orderBy(desc(documents.updated_at), desc(documents.document_id))
    .limit(limit + 1)
  return toItems(found.map(toListed), limit, ({ updated_at, document_id }) => toCursor(updated_at, document_id))
}

/**
 * Searches the pieces of the readable documents one after the other, because no index finds a part of a word. It begins
 * with the document that was updated last, and stops as soon as it has found enough. Pieces of one document come in the
 * order of their key.
 */
export async function searchPieces(
  db: Database,
  caller: Principal,
  { words, event_id, limit, maxPieces }: Parameters<DocumentStore['search']>[1],
): Promise<FoundPiece[]> {
  const isSearched = and(
    isReadable(db, caller),
    ifGiven(event_id, (id) => or(eq(documents.access, 'everybody'), eq(documents.event_id, id))),
  )
  const newestFirst = [desc(documents.updated_at), desc(documents.document_id)]
  // The documents that were updated since this time have `maxPieces` pieces or more. Only they are searched. The time
  // is null if all of them together have fewer pieces. Then all are searched.
  const oldestSearchedTime = db
    .select({ updated_at: documents.updated_at })
    .from(documents, { forceIndex: 'idx_updated' })
    .innerJoin(documentPieces, eq(documentPieces.document_id, documents.document_id))
    .leftJoin(events, eq(events.event_id, documents.event_id))
    .where(isSearched)
    .orderBy(...newestFirst)
    .limit(1)
    .offset(maxPieces - 1)
  const searchedText = sql`LOWER(CONCAT(${documents.title}, ' ', ${documentPieces.text}))`
  const found = await db
    .select(PIECE_COLUMNS)
    .from(documents, { forceIndex: 'idx_updated' })
    .innerJoin(documentPieces, eq(documentPieces.document_id, documents.document_id))
    .leftJoin(events, eq(events.event_id, documents.event_id))
    .where(
      and(
        isSearched,
        sql`${documents.updated_at} >= COALESCE(${oldestSearchedTime}, ${EARLIEST_TIME})`,
        ...words.map((word) => sql`INSTR(${searchedText}, ${word.toLowerCase()}) > 0`),
      ),
    )
    .orderBy(...newestFirst)
    .limit(limit)
  return found.map(toFoundPiece)
}

/**
 * Reads the ranked pieces for a question whose asker may read the event: of documents for everybody as they are now,
 * and of the event's documents if they were written before the question.
 */
export async function readPassages(
  pool: Pool,
  ranked: RankedEntry[],
  { event_id, asked_at }: { event_id: string; asked_at: string },
): Promise<SourcePiece[]> {
  if (ranked.length === 0) return []
  const entries = ranked.map(({ entry }) => entry)
  const isOfEventBeforeQuestion = and(eq(documents.event_id, event_id), sql`${documents.updated_at} <= ${asked_at}`)
  const found = await toDatabase(pool)
    .select({ ...PIECE_COLUMNS, entry: documentPieces.entry })
    .from(documentPieces)
    .innerJoin(documents, eq(documents.document_id, documentPieces.document_id))
    .leftJoin(events, eq(events.event_id, documents.event_id))
    .where(
      and(
        inArray(documentPieces.entry, entries),
        isNull(documents.removed_at),
        or(eq(documents.access, 'everybody'), isOfEventBeforeQuestion),
      ),
    )
  const passages = new Map(found.map((row) => [row.entry, toPassage(toFoundPiece(row))]))
  return entries.flatMap((entry) => passages.get(entry) ?? [])
}

const toPassage = ({ document_id, title, headings, anchor, tlp, text }: FoundPiece): SourcePiece => ({
  document_id,
  title,
  headings,
  tlp,
  anchor,
  text,
})

/** Ranks by the text index, which does not know who may read a piece. So unreadable pieces are left out afterwards. */
export async function findFittingPieces(
  pool: Pool,
  caller: Principal,
  query: Parameters<DocumentStore['findFitting']>[1],
): Promise<FittingPiece[]> {
  const ranked = await rankPieces(pool, query)
  if (ranked.length === 0) return []
  const db = toDatabase(pool)
  const entries = ranked.map(({ entry }) => entry)
  const found = await db
    .select({ ...PIECE_COLUMNS, entry: documentPieces.entry })
    .from(documentPieces)
    .innerJoin(documents, eq(documents.document_id, documentPieces.document_id))
    .leftJoin(events, eq(events.event_id, documents.event_id))
    .where(and(inArray(documentPieces.entry, entries), isReadable(db, caller)))
  const pieces = new Map(found.map((row) => [row.entry, toFoundPiece(row)]))
  return ranked.flatMap(({ entry, relevance }) => {
    const piece = pieces.get(entry)
    return piece ? [{ ...piece, relevance }] : []
  })
}

const PIECE_COLUMNS = {
  ...LISTED_COLUMNS,
  piece: documentPieces.piece,
  headings: documentPieces.headings,
  anchor: documentPieces.anchor,
  text: documentPieces.text,
}

type PieceRow = Parameters<typeof toListed>[0] & Pick<FoundPiece, 'piece' | 'headings' | 'anchor' | 'text'>

const toFoundPiece = (row: PieceRow): FoundPiece => ({
  ...toListed(row),
  piece: row.piece,
  headings: row.headings,
  anchor: row.anchor,
  text: row.text,
})
