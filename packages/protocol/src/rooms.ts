import { type Static, Type } from 'typebox'
import {
  ClientMessageId,
  EventId,
  MessageId,
  Nullable,
  Position,
  RoundId,
  Seq,
  SessionId,
  Timestamp,
  UserId,
  Visibility,
} from './scalars.ts'

export const MessageCategory = Type.Enum(['agent', 'engineer_chat', 'room'])
export type MessageCategory = Static<typeof MessageCategory>

export const SenderType = Type.Enum(['user', 'ai', 'system'])
export type SenderType = Static<typeof SenderType>

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
  'internal',
])
export type ReplyErrorCode = Static<typeof ReplyErrorCode>

export const Usage = Type.Object({
  prompt_tokens: Type.Integer({ minimum: 0 }),
  completion_tokens: Type.Integer({ minimum: 0 }),
})
export type Usage = Static<typeof Usage>

export const Citation = Type.Object({
  id: Type.String(),
  label: Type.String(),
  message_id: Type.Optional(MessageId),
  supported: Type.Boolean(),
})
export type Citation = Static<typeof Citation>

/**
 * Every message has `content`: data, or Markdown in answers and where `format` says so. Agents may add fields of
 * their own.
 */
export const MessageContent = Type.Object(
  {
    content: Type.String(),
    format: Type.Optional(
      Type.Unknown({
        description: 'Of an agent’s message: `markdown` if its `content` is Markdown. Without it, data.',
      }),
    ),
    model: Type.Optional(Type.String()),
    finish_reason: Type.Optional(FinishReason),
    attempts: Type.Optional(Type.Integer({ minimum: 0, description: 'Calls to a model made for this reply.' })),
    usage: Type.Optional(Nullable(Usage)),
    citations: Type.Optional(Type.Array(Citation)),
    prompt_version: Type.Optional(Type.String({ description: 'Which prompt it answers, as `name/version`.' })),
    reasoning: Type.Optional(
      Type.String({
        description:
          'What the model thought before it answered: plain text, no Markdown. No part of the answer, nor of a later prompt.',
      }),
    ),
    fallback: Type.Optional(
      Type.Object(
        { from: Type.String(), code: ReplyErrorCode },
        { description: 'Whom it was meant for, and why another model answered. With finish_reason `fallback`.' },
      ),
    ),
    error: Type.Optional(Type.Object({ code: ReplyErrorCode, retryable: Type.Boolean() })),
    partial: Type.Optional(
      Type.String({
        description:
          'Of a reply that ended as an error: what its reader had seen of the answer before it broke off, as Markdown. No answer, and no part of a later prompt.',
      }),
    ),
  },
  { additionalProperties: true },
)
export type MessageContent = Static<typeof MessageContent>

/** A message carries at most this many bytes of indicators, as JSON; later ones are left out. */
export const MAX_INDICATORS_BYTES = 2_048

export const IndicatorType = Type.Enum(['url', 'domain', 'email', 'ipv4', 'ipv6', 'hash', 'cve', 'attack'])
export type IndicatorType = Static<typeof IndicatorType>

const Offset = Type.Integer({ minimum: 0 })

export const Indicator = Type.Object({
  start: Offset,
  end: Offset,
  type: IndicatorType,
  value: Type.String({ description: 'Refanged, and in the form that its type is compared in.' }),
  path: Type.Optional(
    Type.String({
      description:
        'The field of `message_content` that the offsets are of, as a JSON pointer (RFC 6901). Left out: `content`.',
    }),
  ),
})
export type Indicator = Static<typeof Indicator>

/** Names who pinned a message, and when. Everybody who may see the message sees its pin. */
export const Pinned = Type.Object({ user_id: UserId, at: Timestamp })
export type Pinned = Static<typeof Pinned>

export const Message = Type.Object(
  {
    message_id: MessageId,
    event_id: EventId,
    position: Position,
    seq: Seq,
    user_id: Nullable(UserId),
    message_from: Type.String(),
    message_type: Type.String(),
    message_category: MessageCategory,
    sender_type: Nullable(SenderType),
    chat_session_id: Nullable(SessionId),
    visibility: Visibility,
    reply_to: Nullable(MessageId),
    round_id: Nullable(RoundId),
    event_summary_version: Nullable(Type.String()),
    message_content: MessageContent,
    created_at: Timestamp,
    updated_at: Timestamp,
    pinned: Type.Optional(Pinned),
    indicators: Type.Optional(
      Type.Array(Indicator, {
        description: 'What an analyst copies or blocks. Offsets are UTF-16 units. Found as the message is sent.',
      }),
    ),
    truncated: Type.Optional(Type.Literal(true, { description: 'On a socket only: read the whole message by HTTP.' })),
  },
  { $id: 'Message' },
)
export type Message = Static<typeof Message>

export const AGENT_NAMES = ['_captain', '_manager', '_operator', '_executor', '_expert'] as const
export type AgentName = (typeof AGENT_NAMES)[number]

/**
 * Holds a page of a room or of a session, the oldest first. `has_more` is true if older messages exist; in a page
 * `after` a position, if newer ones exist.
 */
export const MessagePage = Type.Object({ messages: Type.Array(Message), seq: Seq, has_more: Type.Boolean() })
export type MessagePage = Static<typeof MessagePage>

export const Before = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'A position: only what stands before it.',
})

export const PageQuery = Type.Object({
  before: Type.Optional(Before),
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'A position: the oldest of what stands after it. `has_more` speaks of newer ones then.',
    }),
  ),
  around: Type.Optional(
    Type.String({ ...MessageId, description: 'A message: the page has it in its middle, whatever is on both sides.' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
})
export type PageQuery = Static<typeof PageQuery>

export const PinsQuery = Type.Object({
  cursor: Type.Optional(Type.String({ pattern: '^\\d{1,16}$' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
})
export type PinsQuery = Static<typeof PinsQuery>

export const SearchQuery = Type.Object({
  q: Type.Optional(
    Type.String({
      pattern: '\\S',
      maxLength: 200,
      description: 'Words as they stand, in any case; defanged is the same as live.',
    }),
  ),
  from: Type.Optional(Type.Enum([...AGENT_NAMES], { description: 'Only what this agent said.' })),
  before: Type.Optional(Before),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
})
export type SearchQuery = Static<typeof SearchQuery>

/**
 * Lists the newest first. A search looks through a limited number of messages at a time; it continues at
 * `next_before`.
 */
export const SearchPage = Type.Object({
  messages: Type.Array(Message),
  next_before: Nullable(Position),
})
export type SearchPage = Static<typeof SearchPage>

export const ExportQuery = Type.Object({
  format: Type.Enum(['markdown', 'json'], { description: 'JSON holds each message with its SHA-256, one to a line.' }),
  private: Type.Optional(
    Type.Enum(['leave_out', 'include'], {
      default: 'leave_out',
      description: 'Whether the caller’s own private chats are part of it.',
    }),
  ),
  language: Type.Optional(
    Type.Enum(['en', 'zh'], { default: 'en', description: 'Of what Markdown says beside the messages.' }),
  ),
})
export type ExportQuery = Static<typeof ExportQuery>

/**
 * A person posts this plain message to the room; an agent posts `PostAgentMessage`. The caller's role decides which
 * is allowed.
 */
export const PostPlainMessage = Type.Object({
  message: Type.String(),
  client_message_id: Type.Optional(ClientMessageId),
  message_from: Type.Optional(Type.Never()), // This field tells the two apart: a caller who names an agent posts as that agent.
})
export type PostPlainMessage = Static<typeof PostPlainMessage>

export const PostAgentMessage = Type.Object({
  message_from: Type.Enum([...AGENT_NAMES]),
  message_type: Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' }),
  message_content: Type.Union([Type.String(), Type.Object({}, { additionalProperties: true })]),
  round_id: Type.Optional(Nullable(RoundId)),
})
export type PostAgentMessage = Static<typeof PostAgentMessage>

export const PostMessage = Type.Union([PostPlainMessage, PostAgentMessage])
export type PostMessage = Static<typeof PostMessage>

export const MarkRead = Type.Object({ position: Position })
export type MarkRead = Static<typeof MarkRead>
