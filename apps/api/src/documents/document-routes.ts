import {
  createDocument,
  deleteDocument,
  listDocuments,
  listDocumentVersions,
  readDocument,
  searchDocuments,
  updateDocument,
} from '@engineer-chat/chat/documents'
import {
  CreateDocument,
  CursorQuery,
  DocumentId,
  DocumentsQuery,
  DocumentVersion,
  FoundPiece,
  KnowledgeDocument,
  ListedDocument,
  ReadDocumentQuery,
  SearchDocumentsQuery,
  UpdateDocument,
} from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { enforceLimit, type RateLimits } from '../http/rate-limits.ts'
import { createRunVerb } from '../http/run-verb.ts'

const tags = ['documents']
const params = Type.Object({ document_id: DocumentId })
const DOCUMENT_URL = '/api/documents/:document_id'

/** Registers the routes of runbooks and notes, which answers may use as sources. */
export function registerDocumentRoutes(app: Api, deps: ApiDeps, limits: RateLimits): void {
  registerLists(app, deps, limits)
  registerReads(app, deps)
  registerWrites(app, deps)
}

function registerLists(app: Api, deps: ApiDeps, limits: RateLimits): void {
  const searchCtx = { ...deps.stores, maxSearchedPieces: deps.config.documents.maxSearchedPieces }
  const run = createRunVerb(deps)

  app.get(
    '/api/documents',
    {
      schema: {
        tags,
        summary: 'List documents without their texts: those for everybody and of events that the caller may enter',
        querystring: DocumentsQuery,
        response: { 200: Paginated(ListedDocument) },
      },
    },
    (request) => run(request, listDocuments, deps.stores, request.query),
  )

  app.get(
    '/api/documents/search',
    {
      preHandler: async (request, reply) => enforceLimit(limits.searches, request, reply),
      schema: {
        tags,
        summary: 'Find pieces of documents: first those with all words of the query, then others that fit it',
        querystring: SearchDocumentsQuery,
        response: { 200: Paginated(FoundPiece) },
      },
    },
    (request) => run(request, searchDocuments, searchCtx, request.query),
  )
}

function registerReads(app: Api, deps: ApiDeps): void {
  const run = createRunVerb(deps)

  app.get(
    DOCUMENT_URL,
    {
      schema: {
        tags,
        summary: 'Return a document as it is, or as it was in an earlier version',
        params,
        querystring: ReadDocumentQuery,
        response: { 200: KnowledgeDocument },
      },
    },
    (request) => run(request, readDocument, deps.stores, { ...request.query, ...request.params }),
  )

  app.get(
    `${DOCUMENT_URL}/versions`,
    {
      schema: {
        tags,
        summary: 'List the kept versions of a document, the newest first',
        params,
        querystring: CursorQuery,
        response: { 200: Paginated(DocumentVersion) },
      },
    },
    async (request) => {
      // The verb also returns `event_id`, which only its report needs.
      const { items, next_cursor } = await run(request, listDocumentVersions, deps.stores, {
        ...request.query,
        ...request.params,
      })
      return { items, next_cursor }
    },
  )
}

function registerWrites(app: Api, deps: ApiDeps): void {
  const ctx = { ...deps.stores, documentLimits: deps.config.documents }
  const run = createRunVerb(deps)

  app.post(
    '/api/documents',
    {
      schema: {
        tags,
        summary: 'Store a document for everybody or for one event',
        body: CreateDocument,
        response: { 201: KnowledgeDocument },
      },
    },
    async (request, reply) => reply.code(201).send(await run(request, createDocument, ctx, request.body)),
  )

  app.put(
    DOCUMENT_URL,
    {
      schema: {
        tags,
        summary:
          'Change a document: title and text, and the other fields that are sent; the version that was read must be the newest',
        params,
        body: UpdateDocument,
        response: { 200: KnowledgeDocument },
      },
    },
    (request) => run(request, updateDocument, ctx, { ...request.body, ...request.params }),
  )

  const schema = { tags, summary: 'Remove a document', params, response: { 204: Type.Null() } }
  app.delete(DOCUMENT_URL, { schema }, async (request, reply) => {
    await run(request, deleteDocument, ctx, request.params)
    return reply.code(204).send(null)
  })
}
