import type { KnowledgeDocument, ListedDocument, Tlp } from '@engineer-chat/protocol'
import type { DocumentStore } from '../../documents/index.ts'
import { type RightsLookup, requirePersonRights } from '../../people/index.ts'
import { isStricterTlp } from '../../prompting/index.ts'
import type { Principal } from '../../shared/index.ts'

interface ReadContext {
  rights: RightsLookup
  documents: DocumentStore
}

/**
 * Holds a document with its text. If the document's label has become stricter than the file's, it holds the listed
 * document without its text.
 */
export type LoadedDocument = { document: KnowledgeDocument } | { leftOutDocument: ListedDocument }

const PAGE_ROWS = 500

/**
 * Lists the event's documents without their texts, the most recently changed one first. Resolves to null for an agent,
 * which may read no documents. A document that changes between the reads of two pages moves to the front of the store's
 * list, and the later pages lack it. So the front is read once more after the last page. Documents that were missed are
 * added at the end.
 */
export async function listExportedDocuments(
  ctx: { documents: DocumentStore },
  caller: Principal,
  event_id: string,
): Promise<ListedDocument[] | null> {
  if (caller.role === 'agent') return null
  const listed = new Map<string, ListedDocument>()
  const addMissing = (documents: ListedDocument[]) => {
    for (const document of documents) if (!listed.has(document.document_id)) listed.set(document.document_id, document)
  }
  let newestAtFirstRead = ''
  let pageCount = 0
  for await (const page of readListPages(ctx, caller, event_id)) {
    if (pageCount === 0) newestAtFirstRead = page[0]?.updated_at ?? ''
    addMissing(page)
    pageCount += 1
  }
  // Nothing can move between pages if there is only one.
  if (pageCount < 2) return [...listed.values()]
  for await (const page of readListPages(ctx, caller, event_id)) {
    addMissing(page)
    // The front has the documents that changed after the first read began. The list is sorted by the last change, so a
    // document that is older than the newest one of the first read stands below the front.
    const hasEndOfFront = page.some(({ updated_at }) => updated_at < newestAtFirstRead)
    if (hasEndOfFront) break
  }
  return [...listed.values()]
}

async function* readListPages(
  ctx: { documents: DocumentStore },
  caller: Principal,
  event_id: string,
): AsyncGenerator<ListedDocument[]> {
  // The cursor is undefined for the first page, and null after the last one.
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const cursorQuery = cursor === undefined ? {} : { cursor }
    const page = await ctx.documents.list(caller, { event_id, limit: PAGE_ROWS, ...cursorQuery })
    yield page.items
    cursor = page.next_cursor
  }
}

interface DocumentsToRead {
  event_id: string
  listedDocuments: readonly ListedDocument[]
  /** Is the label of the file. It is written above all messages and documents, so none may have a stricter one. */
  fileTlp: Tlp
}

/**
 * Reads the texts of the listed documents, one at a time. It skips documents that were removed meanwhile. It yields no
 * text of a document whose label is now stricter than the file's. It throws when the caller loses the right to read.
 */
export async function* readExportedDocuments(
  ctx: ReadContext,
  caller: Principal,
  { event_id, listedDocuments, fileTlp }: DocumentsToRead,
): AsyncGenerator<LoadedDocument> {
  for (const listedDocument of listedDocuments) {
    await requirePersonRights(ctx, caller, event_id)
    const document = await findListedVersion(ctx, listedDocument)
    if (!document) continue
    yield isStricterTlp(document.tlp, fileTlp) ? { leftOutDocument: listedDocument } : { document }
  }
}

/**
 * Finds the document in the version that was listed, or in its current version if the listed one is no longer kept.
 * Resolves to undefined if the document was removed.
 */
async function findListedVersion(
  { documents }: ReadContext,
  { document_id, version }: ListedDocument,
): Promise<KnowledgeDocument | undefined> {
  const current = await documents.find(document_id)
  if (!current || current.version === version) return current
  return (await documents.findVersion(document_id, version)) ?? current
}
