import { type Static, Type } from 'typebox'
import { DocumentId } from './documents.ts'
import { Tlp } from './events.ts'
import { EventId, MessageId } from './scalars.ts'

export const FinishReason = Type.Enum(['stop', 'length', 'cancelled', 'error', 'fallback'])
export type FinishReason = Static<typeof FinishReason>

/** Names the reason why a reply ended as an error. Programs read this code; users read a text in their language. */
export const ReplyErrorCode = Type.Enum([
  'llm_timeout',
  'llm_unreachable',
  'llm_rate_limited',
  'llm_unavailable',
  'llm_rejected',
  'llm_unauthorized',
  'llm_stream_cut',
  'llm_empty_answer',
  'llm_repeating',
  'budget_exceeded',
  'worker_lost',
  'forbidden',
  'tlp_forbids_model',
  'internal',
])
export type ReplyErrorCode = Static<typeof ReplyErrorCode>

export const Usage = Type.Object({
  prompt_tokens: Type.Integer({ minimum: 0 }),
  completion_tokens: Type.Integer({ minimum: 0 }),
})
export type Usage = Static<typeof Usage>

/** Names what is not in the room: a piece of a document with the heading above it, if any, or another event. */
const OTHER_PLACE = {
  document_id: Type.Optional(DocumentId),
  anchor: Type.Optional(Type.String()),
  event_id: Type.Optional(EventId),
}

export const Citation = Type.Object({
  id: Type.String(),
  label: Type.String(),
  message_id: Type.Optional(MessageId),
  ...OTHER_PLACE,
  supported: Type.Boolean(),
})
export type Citation = Static<typeof Citation>

/** Names something that the model of an answer was told. */
export const ToldSource = Type.Object({
  id: Type.String({ description: 'The answer cites the source by it. It is unique within the answer.' }),
  kind: Type.Enum(
    [
      'event',
      'description',
      'context',
      'summary',
      'change',
      'pin',
      'message',
      'document',
      'incident',
      'earlier',
      'quote',
    ],
    {
      description:
        'It is a part of the event, a summary, a change of the event, a pinned message, a message of the room, a piece of a document, another event, the session before this one, or what the question quotes. Clients ignore kinds that they don’t know.',
    },
  ),
  label: Type.String(),
  message_id: Type.Optional(MessageId),
  ...OTHER_PLACE,
  tlp: Type.Optional(
    Type.Enum(Tlp.enum, {
      description: 'It is the label of a document, of another event, or of those that an answer rested on.',
    }),
  ),
})
export type ToldSource = Static<typeof ToldSource>
