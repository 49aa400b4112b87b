import type {
  CreateDocument,
  CursorQuery,
  DocumentsQuery,
  DocumentVersion,
  FoundPiece,
  KnowledgeDocument,
  ListedDocument,
  ReadDocumentQuery,
  SearchDocumentsQuery,
  UpdateDocument,
} from '@engineer-chat/protocol'
import { type CursorPage, type Requests, toPath } from './requests.ts'

export const createDocumentMethods = ({ get, write }: Requests) => ({
  /** Lists documents without their texts. */
  listDocuments: (query: DocumentsQuery = {}) => get<CursorPage<ListedDocument>>('/api/documents', query),
  searchDocuments: (query: SearchDocumentsQuery, signal?: AbortSignal) =>
    get<CursorPage<FoundPiece>>('/api/documents/search', query, signal),
  getDocument: (document_id: string, query: ReadDocumentQuery = {}) =>
    get<KnowledgeDocument>(toPath`/api/documents/${document_id}`, query),
  listDocumentVersions: (document_id: string, query: CursorQuery = {}) =>
    get<CursorPage<DocumentVersion>>(toPath`/api/documents/${document_id}/versions`, query),
  createDocument: (document: CreateDocument) => write<KnowledgeDocument>('POST', '/api/documents', document),
  updateDocument: (document_id: string, document: UpdateDocument) =>
    write<KnowledgeDocument>('PUT', toPath`/api/documents/${document_id}`, document),
  deleteDocument: (document_id: string) => write<void>('DELETE', toPath`/api/documents/${document_id}`),
})
