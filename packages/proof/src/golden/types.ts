import type { ImportedDocument } from '@engineer-chat/chat/documents'
import { type Static, Type } from 'typebox'

const strict = { additionalProperties: false }
const Language = Type.Enum(['en', 'zh'])
const Text = Type.String({ minLength: 1, maxLength: 1_000 })
/** Identifies a document by its path below the folder of documents, without `.md`. */
const DocumentId = Type.String({ pattern: '^(?:en|zh)/[a-z]+/[a-z0-9-]+$' })

/** Holds a file of a `KNOWLEDGE_DIR`, read as a worker reads it. */
export interface GoldenDocument extends ImportedDocument {
  /** Names the document in queries: its path without `.md`. */
  id: string
}

export const toDocumentId = (path: string): string => path.replace(/\.md$/, '')

export const GoldenQuery = Type.Object(
  {
    /** Identifies the query. The id has `none` if no document answers the query. */
    id: Type.String({ pattern: '^(?:en|zh)-(?:none-)?[0-9]{3}$' }),
    language: Language,
    /** Says how the words of the query relate to those of the document. */
    kind: Type.Enum(['indicator', 'keyword', 'paraphrase', 'command', 'typo']),
    text: Text,
    /** Lists the documents that answer the query. No document answers a query with an empty list. */
    documents: Type.Array(DocumentId, { maxItems: 3, uniqueItems: true }),
  },
  strict,
)
export type GoldenQuery = Static<typeof GoldenQuery>

const MessageId = Type.String({ pattern: '^m[0-9]+$' })

export const GoldenRoom = Type.Object(
  {
    language: Language,
    event: Type.Object({ event_name: Text, message: Text }, strict),
    /** Lists people's posts to the room, the oldest first. */
    messages: Type.Array(
      Type.Object({ id: MessageId, from: Text, text: Text, pinned: Type.Optional(Type.Literal(true)) }, strict),
    ),
    /** Lists questions, each with the one message or document that contains the answer. */
    questions: Type.Array(
      Type.Union([
        Type.Object({ text: Text, message: MessageId }, strict),
        Type.Object({ text: Text, document: DocumentId }, strict),
      ]),
    ),
  },
  strict,
)

export interface GoldenRoom extends Static<typeof GoldenRoom> {
  id: string
}

export const GoldenEvent = Type.Object(
  {
    id: Type.String({ pattern: '^(?:en|zh)-[0-9]{2}$' }),
    language: Language,
    /**
     * Names the group. Its events are similar to each other. Events of a group `shared-…` have an indicator in common
     * and nothing else, and a group `single-…` has only one event.
     */
    group: Type.String({ pattern: '^[a-z0-9-]+$' }),
    event_name: Text,
    message: Text,
  },
  strict,
)
export type GoldenEvent = Static<typeof GoldenEvent>

/** Holds unimportant lines between the messages, so that the message that a question needs is not the newest. */
export const GoldenChatter = Type.Object({ en: Type.Array(Text), zh: Type.Array(Text) }, strict)

export type GoldenChatter = Static<typeof GoldenChatter>

export interface GoldenSet {
  documents: GoldenDocument[]
  queries: GoldenQuery[]
  rooms: GoldenRoom[]
  events: GoldenEvent[]
  chatter: GoldenChatter
}
