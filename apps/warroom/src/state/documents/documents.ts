import type {
  CreateDocument,
  CursorQuery,
  DocumentsQuery,
  KnowledgeDocument,
  UpdateDocument,
} from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'

/** Counts the documents that this page has changed, so that the lists beside them load again. */
const useChanges = create<{ count: number }>(() => ({ count: 0 }))

export const useDocumentChanges = (): number => useChanges(({ count }) => count)

const noteChange = (): void => useChanges.setState(({ count }) => ({ count: count + 1 }))

const PAGE_SIZE = 50
const MAX_FOUND = 30

export const listDocuments = (query: DocumentsQuery) => client.listDocuments({ limit: PAGE_SIZE, ...query })

export const searchDocuments = async (q: string, event_id?: string) =>
  (await client.searchDocuments({ q, limit: MAX_FOUND, ...(event_id !== undefined && { event_id }) })).items

export const readDocument = (document_id: string, version?: number): Promise<KnowledgeDocument> =>
  client.getDocument(document_id, version === undefined ? {} : { version })

export const listVersions = (document_id: string, from: CursorQuery) =>
  client.listDocumentVersions(document_id, { limit: PAGE_SIZE, ...from })

export async function createDocument(document: CreateDocument): Promise<KnowledgeDocument> {
  const created = await client.createDocument(document)
  noteChange()
  return created
}

export async function updateDocument(document_id: string, document: UpdateDocument): Promise<KnowledgeDocument> {
  const updated = await client.updateDocument(document_id, document)
  noteChange()
  return updated
}

export async function removeDocument(document_id: string): Promise<void> {
  await client.deleteDocument(document_id)
  noteChange()
}
