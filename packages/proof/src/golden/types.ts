import type { DerivedDocument } from '@engineer-chat/chat/documents'
import { type Static, Type } from 'typebox'

const strict = { additionalProperties: false }
const Language = Type.Enum(['en', 'zh'])
const Text = Type.String({ minLength: 1, maxLength: 1_000 })
/** Is the path of a document below its folder, without the ending. */
const DocumentId = Type.String({ pattern: '^(?:en|zh)/[a-z]+/[a-z0-9-]+$' })

/** Is a file as `KNOWLEDGE_DIR` has them, read as a worker reads it. */
export interface GoldenDocument extends DerivedDocument {
  /** Is its path without the ending. Queries name it by this. */
  id: string
}

export const toDocumentId = (path: string): string => path.replace(/\.md$/, '')

export const GoldenQuery = Type.Object(
  {
    id: Type.String({ pattern: '^(?:en|zh)-(?:none-)?[0-9]{3}$' }),
    language: Language,
    /** Says how the query relates to what it looks for. */
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
    /** Are people's posts to the room, the oldest first. */
    messages: Type.Array(
      Type.Object({ id: MessageId, from: Text, text: Text, pinned: Type.Optional(Type.Literal(true)) }, strict),
    ),
    /** Each question can be answered only by one who knows what it needs: a message or a document. */
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

/** Are lines that people write between what matters, so that what a question needs is not the newest. */
export const GoldenChatter = Type.Object({ en: Type.Array(Text), zh: Type.Array(Text) }, strict)

export type GoldenChatter = Static<typeof GoldenChatter>

export interface GoldenSet {
  documents: GoldenDocument[]
  queries: GoldenQuery[]
  rooms: GoldenRoom[]
  chatter: GoldenChatter
}
