import { type Static, Type } from 'typebox'
import { Tlp } from './events/events.ts'
import { DocumentId, EventId, MessageId } from './scalars.ts'

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

/** Names a source outside the room: another event, or a document. `anchor` names the heading of its piece. */
const SOURCE_OUTSIDE_ROOM = {
  document_id: Type.Optional(DocumentId),
  anchor: Type.Optional(Type.String()),
  event_id: Type.Optional(EventId),
}

export const Citation = Type.Object({
  id: Type.String(),
  label: Type.String(),
  message_id: Type.Optional(MessageId),
  ...SOURCE_OUTSIDE_ROOM,
  supported: Type.Boolean({ description: 'True means that the prompt contained the source.' }),
})
export type Citation = Static<typeof Citation>

/**
 * An answer is stored with at most this many of its sources. If all of these are cited and none of them has the
 * strictest TLP label of the prompt's sources, one source with that label is stored in addition.
 */
export const MAX_STORED_SOURCES = 100

/** Describes a source that the prompt of an answer contained. */
export const AnswerSource = Type.Object({
  id: Type.String({ description: 'The answer cites the source by this id, which is unique within the answer.' }),
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
        '`event` is a list of the event’s facts, `description` its `message` and `context` its `context`. `change` is a change of the event, `incident` another event, `earlier` the summary of the previous session (`old1`) or the earlier turns of this session (`old2`), and `quote` the text that the question quotes. Clients ignore kinds that they don’t know.',
    },
  ),
  label: Type.String(),
  message_id: Type.Optional(MessageId),
  ...SOURCE_OUTSIDE_ROOM,
  tlp: Type.Optional(
    Type.Enum(Tlp.enum, {
      description:
        'It is the TLP label of a source that is a document or another event. A source that is an earlier answer, or quotes one, has the strictest label of that answer’s sources.',
    }),
  ),
})
export type AnswerSource = Static<typeof AnswerSource>
