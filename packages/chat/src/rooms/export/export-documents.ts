import type { KnowledgeDocument, ListedDocument, Tlp } from '@engineer-chat/protocol'
import { chooseStricterTlp, type DocumentStore } from '../../documents/index.ts'
import { type Rights, requirePersonRights } from '../../people/index.ts'
import type { Principal } from '../../shared/index.ts'

interface ReadContext {
  rights: Rights
  documents: DocumentStore
}

/** Holds a document with its text, or one that is left out because its label has become stricter than the file's. */
export type ReadDocument = { document: KnowledgeDocument } | { leftOut: ListedDocument }

const PAGE_ROWS = 500

/**
 * Lists the event's documents without their texts, the last changed first. Agents read no documents. A document that is
 * changed between two pages goes to the front, so the front is read once more.
 */
export async function listExportedDocuments(
  ctx: { documents: DocumentStore },
  caller: Principal,
  event_id: string,
): Promise<ListedDocument[] | null> {
  if (caller.role === 'agent') return null
  const listed = new Map<string, ListedDocument>()
  const addNew = (items: ListedDocument[]) => {
    for (const one of items) if (!listed.has(one.document_id)) listed.set(one.document_id, one)
  }
  let newestUpdate = ''
  let pages = 0
  for await (const items of readPages(ctx, caller, event_id)) {
    newestUpdate ||= items[0]?.updated_at ?? ''
    addNew(items)
    pages += 1
  }
  if (pages < 2) return [...listed.values()]
  for await (const items of readPages(ctx, caller, event_id)) {
    addNew(items)
    if (items.some(({ updated_at }) => updated_at < newestUpdate)) break
  }
  return [...listed.values()]
}

async function* readPages(
  ctx: { documents: DocumentStore },
  caller: Principal,
  event_id: string,
): AsyncGenerator<ListedDocument[]> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const from = cursor === undefined ? {} : { cursor }
    const page = await ctx.documents.list(caller, { event_id, limit: PAGE_ROWS, ...from })
    yield page.items
    cursor = page.next_cursor
  }
}

interface Listing {
  event_id: string
  listed: readonly ListedDocument[]
  /** Holds the label of the file, which is written above all texts. */
  tlp: Tlp
}

/**
 * Reads the texts of the listed documents, one at a time. It leaves out what was removed meanwhile, and stops when the
 * caller loses the right.
 */
export async function* readExportedDocuments(
  ctx: ReadContext,
  caller: Principal,
  { event_id, listed, tlp }: Listing,
): AsyncGenerator<ReadDocument> {
  for (const one of listed) {
    await requirePersonRights(ctx, caller, event_id)
    const document = await readListedVersion(ctx, one)
    if (document) yield chooseStricterTlp(tlp, document.tlp) === tlp ? { document } : { leftOut: one }
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
