import type {
  CreateDocument,
  CursorQuery,
  DocumentsQuery,
  KnowledgeDocument,
  UpdateDocument,
} from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'

/** Counts the changes that this tab has made to documents. The lists of documents load again after each change. */
const useChanges = create<{ count: number }>(() => ({ count: 0 }))

/** Returns the number of this tab's changes so far. */
export const useDocumentChanges = (): number => useChanges(({ count }) => count)

const countChange = (): void => useChanges.setState(({ count }) => ({ count: count + 1 }))

const PAGE_SIZE = 50
const MAX_SEARCH_RESULTS = 30

export const listDocuments = (query: DocumentsQuery) => client.listDocuments({ limit: PAGE_SIZE, ...query })

export const searchDocuments = async (q: string, signal: AbortSignal) =>
  (await client.searchDocuments({ q, limit: MAX_SEARCH_RESULTS }, signal)).items

export const readDocument = (document_id: string, version?: number): Promise<KnowledgeDocument> =>
  client.getDocument(document_id, version === undefined ? {} : { version })

export const listVersions = (document_id: string, page: CursorQuery) =>
  client.listDocumentVersions(document_id, { limit: PAGE_SIZE, ...page })

export async function createDocument(document: CreateDocument): Promise<KnowledgeDocument> {
  const created = await client.createDocument(document)
  countChange()
  return created
}

export async function updateDocument(document_id: string, document: UpdateDocument): Promise<KnowledgeDocument> {
  const updated = await client.updateDocument(document_id, document)
  countChange()
  return updated
}

export async function removeDocument(document_id: string): Promise<void> {
  await client.deleteDocument(document_id)
  countChange()
}
