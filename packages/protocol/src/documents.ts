import { type Static, Type } from 'typebox'
import { Tlp } from './events/events.ts'
import { CursorQuery } from './problem.ts'
import { DocumentId, EventId, Nullable, Timestamp, UserId } from './scalars.ts'

export const DOCUMENT_KINDS = ['runbook', 'note', 'postmortem', 'timeline', 'handover'] as const
export const DocumentKind = Type.Enum(DOCUMENT_KINDS)
export type DocumentKind = Static<typeof DocumentKind>

export const DocumentAccess = Type.Enum(['everybody', 'event'], {
  description:
    '`everybody` means all people, `event` means the people who may enter the document’s event. Agents read no documents. The value never changes.',
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
    description: 'It is the stricter one of two labels: the document’s own label and its event’s label.',
  }),
  path: Type.Optional(
    Type.String({
      description:
        'It is the path of the file in the folder of runbooks. A document with a path is read-only in the API.',
    }),
  ),
  version: DocumentVersionNumber,
  updated_by: Type.Union([UserId, Type.Null()], {
    description:
      'It is null if a worker stored the text: a file of the folder of runbooks, or the last summary or handover of a closed event.',
  }),
  created_at: Timestamp,
  updated_at: Timestamp,
}

/** Describes a document in a list, without its text. */
export const ListedDocument = Type.Object(FIELDS, { $id: 'ListedDocument' })
export type ListedDocument = Static<typeof ListedDocument>

/** Describes a document in Markdown, such as a runbook or a note, for everybody or for one event. */
export const KnowledgeDocument = Type.Object(
  {
    ...FIELDS,
    own_tlp: Type.Enum(Tlp.enum, {
      description: 'It is the label of the document itself. The label of its event has no influence on it.',
    }),
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

/** Changes a document: title and text, and the other fields that are sent. A field that is left out stays as it is. */
export const UpdateDocument = Type.Object({
  title: DocumentTitle,
  kind: Type.Optional(DocumentKind),
  content: CONTENT,
  language: Type.Optional(DocumentLanguage),
  tlp: Type.Optional(Tlp),
  version: Type.Integer({
    ...DocumentVersionNumber,
    description: 'It is the version that was read. If it is not the newest, the response is 409 `version_conflict`.',
  }),
  restores: Type.Optional(
    Type.Integer({
      ...DocumentVersionNumber,
      description:
        'It names the earlier version from which the client took `content`. The server uses only the label of that version: unless `tlp` is set, the document gets the stricter one of this label and its own label.',
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
    Type.Integer({ ...DocumentVersionNumber, description: 'It selects an earlier version that is still stored.' }),
  ),
})
export type ReadDocumentQuery = Static<typeof ReadDocumentQuery>

/** States who wrote a version and when. `ReadDocumentQuery` selects the version whose text is read. */
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
    Type.String({ ...EventId, description: 'It adds the documents of this event to those for everybody.' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 20 })),
})
export type SearchDocumentsQuery = Static<typeof SearchDocumentsQuery>

/** Describes a part of a document that a search found: whole paragraphs below one heading. */
export const FoundPiece = Type.Object(
  {
    ...FIELDS,
    piece: Type.Integer({ minimum: 0, description: 'It is the number of the piece in the document, from 0.' }),
    headings: Type.Array(Type.String(), { description: 'They are the headings above the piece, the outermost first.' }),
    anchor: Type.String({ description: 'It names the heading of the piece. It is empty before the first heading.' }),
    text: Type.String(),
  },
  { $id: 'FoundPiece' },
)
export type FoundPiece = Static<typeof FoundPiece>
