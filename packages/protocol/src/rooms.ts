import { type Static, Type } from 'typebox'
import { AnswerSource, Citation, FinishReason, MAX_STORED_SOURCES, ReplyErrorCode, Usage } from './answers.ts'
import { Indicator } from './events/indicators.ts'
import { QuoteRequest } from './quotes.ts'
import {
  ClientMessageId,
  EventId,
  MessageCategory,
  MessageId,
  Nullable,
  Position,
  RoundId,
  SenderType,
  Seq,
  SessionId,
  Timestamp,
  UserId,
  Visibility,
} from './scalars.ts'

/**
 * Every message has `content`. It is Markdown in answers and if `format` says so, and plain text otherwise. Agents may
 * add fields.
 */
export const MessageContent = Type.Object(
  {
    content: Type.String(),
    format: Type.Optional(
      Type.Unknown({ description: 'The value `markdown` means that an agent’s `content` is Markdown.' }),
    ),
    model: Type.Optional(Type.String()),
    finish_reason: Type.Optional(FinishReason),
    attempts: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'It counts the calls to models since a worker last claimed the reply. If the reply ended with `worker_lost`, it counts the claims whose workers died.',
      }),
    ),
    usage: Type.Optional(Nullable(Usage)),
    citations: Type.Optional(
      Type.Array(Citation, { description: 'It lists the cited sources, and the marks without a source.' }),
    ),
    sources: Type.Optional(
      Type.Array(AnswerSource, {
        description: `It lists at most ${MAX_STORED_SOURCES} of the sources that the prompt contained. The cited sources come before the others. A source with the strictest TLP label of the prompt’s sources is always listed: if ${MAX_STORED_SOURCES} sources are cited and none of them has that label, it is listed in addition. The offline analyst reads the event directly, so its answers list the sources that they cite. Answers from before version 0.12 have no list.`,
      }),
    ),
    sources_left_out: Type.Optional(
      Type.Integer({ minimum: 1, description: 'It counts the sources that `sources` has no room for.' }),
    ),
    prompt_version: Type.Optional(Type.String({ description: 'It names the prompt, as `name/version`.' })),
    reasoning: Type.Optional(
      Type.String({
        description:
          'It is the model’s thinking before its answer, in plain text without Markdown. The answer and later prompts do not contain it.',
      }),
    ),
    fallback: Type.Optional(
      Type.Object(
        { from: Type.String(), code: ReplyErrorCode },
        {
          description:
            'It names the first model and the reason why another one answered. `finish_reason` is then `fallback`.',
        },
      ),
    ),
    error: Type.Optional(Type.Object({ code: ReplyErrorCode, retryable: Type.Boolean() })),
    partial: Type.Optional(
      Type.String({
        description:
          'It is the part of the answer that the reader saw before the reply ended as an error, as Markdown. It is not an answer, and later prompts do not contain it.',
      }),
    ),
    changes: Type.Optional(
      Type.Unknown({
        description:
          'In an `event_change` row it is `{field: [from, to]}`, with the fields of the event that were changed. For `message` and `context`, both are null.',
      }),
    ),
    by: Type.Optional(
      Type.Unknown({ description: 'In an `event_change` row it is the id of the user or agent who made the change.' }),
    ),
    quote: Type.Optional(
      Type.Unknown({
        description:
          'In a person’s row it is the quote: `{message_id, message_from, message_category, user_id, created_at, text}`, with `people_only: true` if agents may not read the quoted post. A later change of the quoted message does not change it.',
      }),
    ),
  },
  { additionalProperties: true },
)
export type MessageContent = Static<typeof MessageContent>

/** Names who pinned a message, and when. Everybody who may see the message sees its pin. */
export const Pin = Type.Object({ user_id: UserId, at: Timestamp })
export type Pin = Static<typeof Pin>

/** A post names at most this many people; further names stay plain text. */
export const MAX_MENTIONS = 50

export const Message = Type.Object(
  {
    message_id: MessageId,
    event_id: EventId,
    position: Position,
    seq: Seq,
    user_id: Type.Union([UserId, Type.Null()], {
      description:
        'It is the id of the writer. In the AI’s reply it is the id of the asker, and in an `event_change` row that of the user or agent who made the change.',
    }),
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
    pinned: Type.Optional(Pin),
    mentions: Type.Optional(
      Type.Array(UserId, {
        description: 'The server finds the people that a post names as `@username` and who may read the post.',
      }),
    ),
    indicators: Type.Optional(
      Type.Array(Indicator, {
        description: 'The server finds them when it sends the message. Offsets count UTF-16 units.',
      }),
    ),
    truncated: Type.Optional(
      Type.Literal(true, { description: 'The socket cut the message. HTTP returns the complete message.' }),
    ),
  },
  { $id: 'Message' },
)
export type Message = Static<typeof Message>

export const AGENT_NAMES = ['_captain', '_manager', '_operator', '_executor', '_expert'] as const
export type AgentName = (typeof AGENT_NAMES)[number]

/** Holds a page of messages, the oldest first. */
export const MessagePage = Type.Object({
  messages: Type.Array(Message),
  seq: Type.Integer({ ...Seq, description: 'It is the number of the room’s last change before the page was read.' }),
  has_more: Type.Boolean({
    description: 'True means that there are older messages, or newer ones if the request has `after`.',
  }),
})
export type MessagePage = Static<typeof MessagePage>

export const BeforePosition = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'It selects messages before this position.',
})

export const PageQuery = Type.Object({
  before: Type.Optional(BeforePosition),
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'It selects the oldest messages after this position. `has_more` then refers to newer ones.',
    }),
  ),
  around: Type.Optional(
    Type.String({ ...MessageId, description: 'It names a message. The page contains it between its neighbours.' }),
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
      description:
        'The text is searched for literally, in upper or lower case. `[.]` equals `.`, `[:]` equals `:`, and `hxxp` equals `http`, so a defanged URL, host or IP address matches the original one.',
    }),
  ),
  from: Type.Optional(Type.Enum(AGENT_NAMES, { description: 'It selects messages of this agent.' })),
  before: Type.Optional(BeforePosition),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
})
export type SearchQuery = Static<typeof SearchQuery>

/** Lists messages, the newest first. Each request reads a limited number of messages. */
export const SearchPage = Type.Object({
  messages: Type.Array(Message),
  next_before: Nullable(
    Type.Integer({
      ...Position,
      description:
        'To continue the search, a client sends this number as `before`. Null means that all older messages were searched.',
    }),
  ),
})
export type SearchPage = Static<typeof SearchPage>

export const ExportQuery = Type.Object({
  format: Type.Enum(['markdown', 'json'], { description: 'JSON has one message per line, with its SHA-256.' }),
  private: Type.Optional(
    Type.Enum(['leave_out', 'include'], {
      default: 'leave_out',
      description: 'It states whether the export includes the caller’s own private chats.',
    }),
  ),
  language: Type.Optional(
    Type.Enum(['en', 'zh'], { default: 'en', description: 'It is the language of headings and labels in Markdown.' }),
  ),
})
export type ExportQuery = Static<typeof ExportQuery>

/** A person posts this to the room; an agent posts `PostAgentMessage`. The caller's role decides which is allowed. */
export const PostPlainMessage = Type.Object({
  message: Type.String({ description: 'It has 1 to 8,000 characters after trimming.' }),
  client_message_id: Type.Optional(ClientMessageId),
  quote: Type.Optional(QuoteRequest),
  // Only `PostAgentMessage` has this field, so it decides which of the two a body is.
  message_from: Type.Optional(Type.Never()),
})
export type PostPlainMessage = Static<typeof PostPlainMessage>

export const PostAgentMessage = Type.Object({
  message_from: Type.Enum(AGENT_NAMES),
  message_type: Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' }),
  message_content: Type.Union([Type.String(), Type.Object({}, { additionalProperties: true })]),
  round_id: Type.Optional(Nullable(RoundId)),
})
export type PostAgentMessage = Static<typeof PostAgentMessage>

export const PostMessage = Type.Union([PostPlainMessage, PostAgentMessage])
export type PostMessage = Static<typeof PostMessage>

export const MarkRead = Type.Object({
  position: Type.Integer({ ...Position, description: 'The caller has read the room up to this position.' }),
})
export type MarkRead = Static<typeof MarkRead>
