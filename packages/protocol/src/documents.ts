import { type Static, Type } from 'typebox'
import { Tlp } from './events.ts'
import { CursorQuery } from './problem.ts'
import { EventId, Nullable, Timestamp, UserId } from './scalars.ts'

export const DocumentId = Type.String({ ...EventId, description: 'It names a document.' })

export const DOCUMENT_KINDS = ['runbook', 'note', 'postmortem', 'timeline', 'handover'] as const
export const DocumentKind = Type.Enum(DOCUMENT_KINDS)
export type DocumentKind = Static<typeof DocumentKind>

export const DocumentAccess = Type.Enum(['everybody', 'event'], {
  description: 'Everybody who is no agent reads it, or who may enter its event. It never changes.',
})
export type DocumentAccess = Static<typeof DocumentAccess>

export const LANGUAGE_PATTERN = '^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$'
export const DocumentLanguage = Type.String({
  pattern: LANGUAGE_PATTERN,
  maxLength: 16,
  description: 'It is a language tag such as `en` or `zh`.',
})

export const DocumentTitle = Type.String({ pattern: '\\S', maxLength: 255 })
export const DocumentVersionNumber = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

const FIELDS = {
  document_id: DocumentId,
  title: Type.String(),
  kind: DocumentKind,
  language: DocumentLanguage,
  access: DocumentAccess,
  event_id: Type.Optional(EventId),
  tlp: Type.Enum(Tlp.enum, {
    description: 'It is the label of the document, or the label of its event where that is stricter.',
  }),
  path: Type.Optional(
    Type.String({ description: 'It is the place in the folder of runbooks. Such a document is read-only here.' }),
  ),
  version: DocumentVersionNumber,
  updated_by: Type.Union([UserId, Type.Null()], { description: 'It is null for what no person wrote.' }),
  created_at: Timestamp,
  updated_at: Timestamp,
}

/** A document as a list has it, without its text. */
export const ListedDocument = Type.Object(FIELDS, { $id: 'ListedDocument' })
export type ListedDocument = Static<typeof ListedDocument>

/** A runbook or a note in Markdown, for everybody or for one event. */
export const KnowledgeDocument = Type.Object(
  {
    ...FIELDS,
    own_tlp: Type.Enum(Tlp.enum, { description: 'It is the label of the document itself, whatever its event’s is.' }),
    content: Type.String({ description: 'It is Markdown.' }),
  },
  { $id: 'Document' },
)
export type KnowledgeDocument = Static<typeof KnowledgeDocument>

const CONTENT = Type.String({ description: 'It is Markdown, at most `DOCUMENT_MAX_BYTES` long.' })

export const CreateDocument = Type.Object({
  title: DocumentTitle,
  kind: DocumentKind,
  content: CONTENT,
  language: Type.Optional(DocumentLanguage),
  access: DocumentAccess,
  event_id: Type.Optional(EventId),
  tlp: Type.Optional(Tlp),
})
export type CreateDocument = Static<typeof CreateDocument>

/** Replaces the text of a document. A field that is left out stays as it is. */
export const UpdateDocument = Type.Object({
  title: DocumentTitle,
  kind: Type.Optional(DocumentKind),
  content: CONTENT,
  language: Type.Optional(DocumentLanguage),
  tlp: Type.Optional(Tlp),
  version: Type.Integer({
    ...DocumentVersionNumber,
    description: 'It is the version that was read. If it is not the newest, the answer is 409 `version_conflict`.',
  }),
  restores: Type.Optional(
    Type.Integer({
      ...DocumentVersionNumber,
      description: 'It names the kept version whose text this is. The document keeps the stricter label of both.',
    }),
  ),
})
export type UpdateDocument = Static<typeof UpdateDocument>

export const DocumentsQuery = Type.Object({
  event_id: Type.Optional(Type.String({ ...EventId, description: 'It selects the documents of this event.' })),
  access: Type.Optional(DocumentAccess),
  kind: Type.Optional(DocumentKind),
  ...CursorQuery.properties,
})
export type DocumentsQuery = Static<typeof DocumentsQuery>

export const ReadDocumentQuery = Type.Object({
  version: Type.Optional(
    Type.Integer({ ...DocumentVersionNumber, description: 'It selects an earlier version, if that is still kept.' }),
  ),
})
export type ReadDocumentQuery = Static<typeof ReadDocumentQuery>

/** States who wrote a version and when. Its text is read with the document. */
export const DocumentVersion = Type.Object({
  version: DocumentVersionNumber,
  title: Type.String(),
  kind: DocumentKind,
  updated_by: Nullable(UserId),
  updated_at: Timestamp,
})
export type DocumentVersion = Static<typeof DocumentVersion>

export const SearchDocumentsQuery = Type.Object({
  q: Type.String({ pattern: '\\S', maxLength: 200 }),
  event_id: Type.Optional(
    Type.String({ ...EventId, description: 'It searches the documents of this event as well as everybody’s.' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 20 })),
})
export type SearchDocumentsQuery = Static<typeof SearchDocumentsQuery>

/** A part of a document that a search found: whole paragraphs below one heading. */
export const FoundPiece = Type.Object(
  {
    ...FIELDS,
    piece: Type.Integer({ minimum: 0, description: 'It counts the pieces of the document from its beginning.' }),
    headings: Type.Array(Type.String(), { description: 'They lead to the piece, from the outermost one.' }),
    anchor: Type.String({ description: 'It names the heading of the piece. It is empty before the first heading.' }),
    text: Type.String(),
  },
  { $id: 'FoundPiece' },
)
export type FoundPiece = Static<typeof FoundPiece>
