import type { KnowledgeDocument, ListedDocument, Tlp } from '@engineer-chat/protocol'
import { chooseStricterTlp, type DocumentStore } from '../../documents/index.ts'
import { type RightsLookup, requirePersonRights } from '../../people/index.ts'
import type { Principal } from '../../shared/index.ts'

interface ReadContext {
  rights: RightsLookup
  documents: DocumentStore
}

/** Holds a document with its text, or one that is left out because its label has become stricter than the file's. */
export type LoadedDocument = { document: KnowledgeDocument } | { leftOut: ListedDocument }

const PAGE_ROWS = 500

/**
 * Lists the event's documents without their texts, the last changed first. Agents read no documents. A document that
 * changes between two pages moves to the front of the list, so the front is read once more after the last page.
 */
export async function listExportedDocuments(
  ctx: { documents: DocumentStore },
  caller: Principal,
  event_id: string,
): Promise<ListedDocument[] | null> {
  if (caller.role === 'agent') return null
  const listed = new Map<string, ListedDocument>()
  const addNew = (documents: ListedDocument[]) => {
    for (const document of documents) if (!listed.has(document.document_id)) listed.set(document.document_id, document)
  }
  let newestUpdatedAt = ''
  let pageCount = 0
  for await (const page of readPages(ctx, caller, event_id)) {
    if (pageCount === 0) newestUpdatedAt = page[0]?.updated_at ?? ''
    addNew(page)
    pageCount += 1
  }
  if (pageCount < 2) return [...listed.values()]
  for await (const page of readPages(ctx, caller, event_id)) {
    addNew(page)
    // The list is sorted by the last change, so a document that was older at the first read ends the front.
    const hasEndOfFront = page.some(({ updated_at }) => updated_at < newestUpdatedAt)
    if (hasEndOfFront) break
  }
  return [...listed.values()]
}

async function* readPages(
  ctx: { documents: DocumentStore },
  caller: Principal,
  event_id: string,
): AsyncGenerator<ListedDocument[]> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const cursorQuery = cursor === undefined ? {} : { cursor }
    const page = await ctx.documents.list(caller, { event_id, limit: PAGE_ROWS, ...cursorQuery })
    yield page.items
    cursor = page.next_cursor
  }
}

interface Listing {
  event_id: string
  listedDocuments: readonly ListedDocument[]
  /** Holds the label of the file, which is written above all texts. */
  tlp: Tlp
}

/**
 * Reads the texts of the listed documents, one at a time. It skips documents that were removed meanwhile, and throws
 * when the caller loses the right to read.
 */
export async function* readExportedDocuments(
  ctx: ReadContext,
  caller: Principal,
  { event_id, listedDocuments, tlp }: Listing,
): AsyncGenerator<LoadedDocument> {
  for (const listedDocument of listedDocuments) {
    await requirePersonRights(ctx, caller, event_id)
    const document = await readListedVersion(ctx, listedDocument)
    if (!document) continue
    const isStricterThanFile = chooseStricterTlp(tlp, document.tlp) !== tlp
    yield isStricterThanFile ? { leftOut: listedDocument } : { document }
  }
}

/** Reads the version that was the newest when it was listed, or the current newest if that version was removed. */
async function readListedVersion(
  { documents }: ReadContext,
  { document_id, version }: ListedDocument,
): Promise<KnowledgeDocument | undefined> {
  const newest = await documents.find(document_id)
  if (!newest || newest.version === version) return newest
  return (await documents.findVersion(document_id, version)) ?? newest
}
