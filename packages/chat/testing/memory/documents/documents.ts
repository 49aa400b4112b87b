import type { DocumentVersion, FoundPiece, KnowledgeDocument, ListedDocument } from '@engineer-chat/protocol'
import type { DocumentText } from '../../../src/documents/document.ts'
import type { DocumentStore, FittingPiece } from '../../../src/documents/document-store.ts'
import { getEffectiveTlp } from '../../../src/documents/effective-tlp.ts'
import { planImport } from '../../../src/documents/plan-import.ts'
import type { DocumentPiece } from '../../../src/documents/split-document.ts'
import { deriveEventRights } from '../../../src/people/access.ts'
import { PIECE_RELEVANCE_LIMITS } from '../../../src/ranking/rank-entries.ts'
import { ChatError } from '../../../src/shared/errors.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Principal } from '../../../src/shared/principal.ts'
import { getTimestamp, type MemoryData } from '../memory-data.ts'
import { compareText, paginate } from '../paginate.ts'
import { findAccessAndRole } from '../people/rights.ts'
import { rankTexts } from '../ranking/text-index.ts'
import type { StoredDocument } from './stored-document.ts'

export function createMemoryDocuments(data: MemoryData): DocumentStore {
  const running = new Set<string>()
  return {
    async create({ document_id, ...document }) {
      const stored = addDocument(data, { ...document, document_id, import_key: null, path: null })
      return toDocument(data, stored)
    },
    async find(document_id) {
      const stored = findStored(data, document_id)
      return stored && toDocument(data, stored)
    },
    async findVersion(document_id, version) {
      const stored = findStored(data, document_id)
      const earlier = stored?.versions.find((listed) => listed.version === version)
      return stored && earlier && toDocument(data, { ...stored, ...earlier })
    },
    async list(caller, { event_id, access, kind, ...query }) {
      const documents = listReadable(data, caller).filter(
        (document) =>
          (event_id === undefined || document.event_id === event_id) &&
          (access === undefined || document.access === access) &&
          (kind === undefined || document.kind === kind),
      )
      return paginate(
        documents.map((document) => toListed(data, document)),
        (document) => document.document_id,
        query,
      )
    },
    async listVersions(document_id, query) {
      const stored = findStored(data, document_id)
      const versions = stored ? [stored, ...stored.versions.toReversed()] : []
      return paginate(versions.map(toVersion), (listed) => String(listed.version), query)
    },
    async update(document_id, { version, keptVersions, pieces, ...text }) {
      const stored = getStored(data, document_id)
      if (stored.version !== version) throw new ChatError('version_conflict')
      replaceText(data, stored, text, pieces, keptVersions)
      return toDocument(data, stored)
    },
    async remove(document_id) {
      const stored = getStored(data, document_id)
      stored.removed_at = getTimestamp(data)
      stored.version += 1
      stored.pieces = []
    },
    async search(caller, { words, event_id, limit, maxPieces }) {
      const documents = listReadable(data, caller).filter(
        (document) => event_id === undefined || document.access === 'everybody' || document.event_id === event_id,
      )
      const pieces = listPieces(data, takeNewest(documents, maxPieces)).map(({ found }) => found)
      const containsAll = (text: string) => words.every((word) => text.toLowerCase().includes(word.toLowerCase()))
      return pieces.filter(({ title, text }) => containsAll(`${title} ${text}`)).slice(0, limit)
    },
    findFitting: async (caller, query) => findFitting(data, caller, query),
    async importDocument({ pieces, ...next }, keptVersions) {
      const stored = [...data.documents.values()].find(({ import_key }) => import_key === next.import_key)
      const outcome = planImport(stored && { ...stored, is_removed: stored.removed_at !== null }, { ...next, pieces })
      const { title, kind, language, tlp, content } = next
      const text = { title, kind, language, tlp, content, updated_by: null }
      if (!stored) addDocument(data, { ...next, document_id: createId(), pieces, updated_by: null })
      else if (outcome === 'replaced') replaceText(data, stored, text, pieces, keptVersions)
      return outcome
    },
    async listFiles() {
      const stored = [...data.documents.values()].filter(({ removed_at }) => removed_at === null)
      return stored.flatMap(({ document_id, path }) => (path === null ? [] : [{ document_id, path }]))
    },
    async runAlone(name, work) {
      if (running.has(name)) return false
      running.add(name)
      await work().finally(() => running.delete(name))
      return true
    },
  }
}

/**
 * Takes documents until they have `maxPieces` pieces or more. As in MySQL, documents that were updated in the same
 * millisecond are taken together.
 */
function takeNewest(newestFirst: StoredDocument[], maxPieces: number): StoredDocument[] {
  let count = 0
  let lastTakenTime: string | undefined
  return newestFirst.filter(({ pieces, updated_at }) => {
    const isTaken = count < maxPieces || updated_at === lastTakenTime
    if (isTaken) lastTakenTime = updated_at
    count += pieces.length
    return isTaken
  })
}

/**
 * Ranks the pieces of the documents for everybody and of the event, and returns the readable ones. As in MySQL, all of
 * them count in the statistics: the verbs check the right to read the event before. `entry` numbers the indexed pieces.
 */
function findFitting(
  data: MemoryData,
  caller: Principal,
  { event_id, ...query }: Parameters<DocumentStore['findFitting']>[1],
): FittingPiece[] {
  const pieces = listPieces(
    data,
    [...data.documents.values()].filter(
      (document) => document.access === 'everybody' || document.event_id === event_id,
    ),
  )
  const indexed = [...data.indexedPieces].flatMap(([indexedPiece, indexedText], entry) => {
    const piece = pieces.find(({ stored }) => stored === indexedPiece)?.found
    return piece ? [{ entry, piece, indexedText }] : []
  })
  const texts = new Map(indexed.map(({ entry, indexedText }) => [entry, indexedText]))
  const readable = new Set(listReadable(data, caller).map(({ document_id }) => document_id))
  return rankTexts(texts, {
    ...query,
    before: Number.POSITIVE_INFINITY,
    relevanceLimits: PIECE_RELEVANCE_LIMITS,
  }).flatMap((ranked) => {
    const piece = indexed.find(({ entry }) => entry === ranked.entry)?.piece
    return piece && readable.has(piece.document_id) ? [{ ...piece, relevance: ranked.relevance }] : []
  })
}

/** Lists the pieces of documents, each as it is stored and indexed, and as a search returns it. */
const listPieces = (
  data: MemoryData,
  documents: StoredDocument[],
): Array<{ stored: DocumentPiece; found: FoundPiece }> =>
  documents.flatMap((document) =>
    document.pieces.map((stored, index) => ({
      stored,
      found: { ...toListed(data, document), ...stored, piece: index },
    })),
  )

type NewStoredDocument = Omit<StoredDocument, 'version' | 'created_at' | 'updated_at' | 'removed_at' | 'versions'>

function addDocument(data: MemoryData, document: NewStoredDocument): StoredDocument {
  const at = getTimestamp(data)
  const times = { created_at: at, updated_at: at, removed_at: null }
  const stored: StoredDocument = { ...document, ...times, version: 1, versions: [] }
  data.documents.set(stored.document_id, stored)
  return stored
}

function replaceText(
  data: MemoryData,
  stored: StoredDocument,
  text: DocumentText & { updated_by: string | null },
  pieces: DocumentPiece[],
  keptVersions: number,
): void {
  const { version, title, kind, language, tlp, content, updated_by, updated_at } = stored
  const at = getTimestamp(data)
  const earlier = { version, title, kind, language, tlp, content, updated_by, updated_at, replaced_at: at }
  Object.assign(stored, text, { pieces, version: version + 1, updated_at: at, removed_at: null })
  const isUnderHold = data.legalHolds.has(stored.event_id ?? '')
  const oldestKept = version + 1 - keptVersions
  stored.versions = [...stored.versions, earlier].filter((listed) => isUnderHold || listed.version >= oldestKept)
}

function findStored(data: MemoryData, document_id: string): StoredDocument | undefined {
  const stored = data.documents.get(document_id)
  return stored?.removed_at === null ? stored : undefined
}

function getStored(data: MemoryData, document_id: string): StoredDocument {
  const stored = findStored(data, document_id)
  if (!stored) throw new ChatError('document_not_found')
  return stored
}

/** Lists the documents that the caller may read, the last changed first. */
function listReadable(data: MemoryData, caller: Principal): StoredDocument[] {
  const readable = [...data.documents.values()].filter(
    ({ access, event_id, removed_at }) =>
      removed_at === null &&
      (access === 'everybody' ||
        deriveEventRights(caller, findAccessAndRole(data, caller.user_id, event_id ?? '')).read),
  )
  return readable.sort((a, b) => compareText(b.updated_at, a.updated_at) || compareText(b.document_id, a.document_id))
}

function toListed(data: MemoryData, stored: StoredDocument): ListedDocument {
  const { document_id, title, kind, language, access, event_id, path, version, updated_by } = stored
  const eventTlp = data.rooms.get(event_id ?? '')?.event.tlp ?? null
  return {
    document_id,
    title,
    kind,
    language,
    access,
    ...(event_id !== null && { event_id }),
    tlp: getEffectiveTlp(stored.tlp, eventTlp),
    ...(path !== null && { path }),
    version,
    updated_by,
    created_at: stored.created_at,
    updated_at: stored.updated_at,
  }
}

const toDocument = (data: MemoryData, stored: StoredDocument): KnowledgeDocument => ({
  ...toListed(data, stored),
  own_tlp: stored.tlp,
  content: stored.content,
})

const toVersion = ({
  version,
  title,
  kind,
  updated_by,
  updated_at,
}: StoredDocument['versions'][0] | StoredDocument): DocumentVersion => ({
  version,
  title,
  kind,
  updated_by,
  updated_at,
})
