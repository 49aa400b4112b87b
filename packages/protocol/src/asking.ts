import { type Static, Type } from 'typebox'
import { AnswerSource } from './answers.ts'
import { Event, EventSummary } from './events/events.ts'
import { QuoteRequest } from './quotes.ts'
import { BeforePosition, Message, MessagePage } from './rooms.ts'
import {
  ClientMessageId,
  EventId,
  MessageId,
  Nullable,
  SessionId,
  Severity,
  Timestamp,
  UserId,
  Visibility,
} from './scalars.ts'

export const SendMessage = Type.Object({
  event_id: EventId,
  message: Type.String({ description: 'It has 1 to 8,000 characters after trimming. A leading @AI is kept.' }),
  client_message_id: Type.Optional(ClientMessageId),
  session_id: Type.Optional(SessionId),
  visibility: Type.Optional(Visibility),
  model: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  quote: Type.Optional(QuoteRequest),
})
export type SendMessage = Static<typeof SendMessage>

export const SendResult = Type.Object({
  status: Type.Literal('success'),
  ai_processing: Type.Literal(true),
  session_id: SessionId,
  round: Type.Integer({ minimum: 1 }),
  max_rounds: Type.Integer({ minimum: 1 }),
  summary_updated: Type.Boolean({
    description: 'True means that the event’s summary has changed since the previous question of this session.',
  }),
  user_message: Message,
  ai_message: Message,
})
export type SendResult = Static<typeof SendResult>

/** Holds the prompt that `send` would give to a model. */
export const Preview = Type.Object({
  model: Type.String(),
  provider: Type.String(),
  leaves: Type.Boolean({
    description: 'True means that the prompt is sent to a model. False means that the offline analyst answers.',
  }),
  prompt_version: Type.String(),
  turns: Type.Array(Type.Object({ role: Type.Enum(['system', 'user', 'assistant']), content: Type.String() }), {
    description:
      'They are exactly the turns of a call, except for the marker around texts of others, which is random in each call.',
  }),
  sources: Type.Array(AnswerSource, { description: 'They are the sources in the prompt, in the same order.' }),
  estimated_tokens: Type.Integer({ minimum: 0 }),
  budget_tokens: Type.Integer({
    minimum: 0,
    description: 'It limits the tokens of the turns. It is not a budget of a user or an event.',
  }),
  hidden: Type.Array(Type.Object({ placeholder: Type.String(), kind: Type.String() }), {
    description: 'These placeholders replace secrets and personal data. The answer contains the originals again.',
  }),
})
export type Preview = Static<typeof Preview>

export const ChatSession = Type.Object(
  {
    session_id: SessionId,
    event_id: EventId,
    user_id: UserId,
    visibility: Visibility,
    active: Type.Boolean(),
    rounds: Type.Integer({ minimum: 0 }),
    max_rounds: Type.Integer({ minimum: 1 }),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'ChatSession' },
)
export type ChatSession = Static<typeof ChatSession>

export const NewSession = Type.Object({
  event_id: EventId,
  visibility: Type.Optional(Visibility),
  carry_over: Type.Optional(
    Type.Boolean({
      description:
        'True means that the prompts of the new session contain a summary of the caller’s active session with the same visibility, which the new session replaces. If there is none, the active session with the other visibility is summarized.',
    }),
  ),
})
export type NewSession = Static<typeof NewSession>

export const ChatHistoryQuery = Type.Object({
  event_id: EventId,
  session_id: Type.Optional(SessionId),
  before: Type.Optional(BeforePosition),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
})
export type ChatHistoryQuery = Static<typeof ChatHistoryQuery>

export const ChatHistory = Type.Object({
  session_id: Nullable(SessionId),
  rounds: Type.Integer({ minimum: 0 }),
  max_rounds: Type.Integer({ minimum: 1 }),
  ...MessagePage.properties,
})
export type ChatHistory = Static<typeof ChatHistory>

/** Describes a reply that waits because its models are busy. Its row does not change while it waits. */
export const WaitingReply = Type.Object({
  message_id: MessageId,
  place: Type.Integer({
    minimum: 1,
    description:
      'The waiting reply that begins next has place 1. A place may grow, because people take turns: everybody’s oldest reply goes before anybody’s second one.',
  }),
  expected_wait_s: Nullable(
    Type.Integer({
      minimum: 1,
      description:
        'It estimates in how many seconds the answer begins. Null means that the model’s speed is not known.',
    }),
  ),
})
export type WaitingReply = Static<typeof WaitingReply>

export const ChatStatus = Type.Object({
  session_id: Nullable(SessionId),
  rounds: Type.Integer({ minimum: 0 }),
  max_rounds: Type.Integer({ minimum: 1 }),
  can_chat: Type.Boolean({
    description:
      'True means that the caller may ask, that a round is left in the active session, and that a model may read the event.',
  }),
  pending_replies: Type.Integer({
    minimum: 0,
    description: 'It counts the caller’s replies in this event that have not ended.',
  }),
  waiting_replies: Type.Optional(
    Type.Array(WaitingReply, {
      description: 'It lists the pending replies that wait for a busy model. Nodes before version 0.12 omit the list.',
    }),
  ),
  event: Event,
  event_summary: Nullable(EventSummary),
})
export type ChatStatus = Static<typeof ChatStatus>

export const Feedback = Type.Object({
  rating: Type.Enum(['up', 'down']),
  comment: Type.Optional(Type.String({ maxLength: 2_000 })),
})
export type Feedback = Static<typeof Feedback>

export const StoredFeedback = Type.Object({ message_id: MessageId, ...Feedback.properties, updated_at: Timestamp })
export type StoredFeedback = Static<typeof StoredFeedback>

export const Model = Type.Object({
  id: Type.String(),
  provider: Type.String(),
  default: Type.Boolean({
    description: 'True means that this model answers if neither the user nor a rule chooses one.',
  }),
  context_window: Type.Optional(Type.Integer({ minimum: 1, description: 'It is in tokens.' })),
  inside: Type.Optional(
    Type.Boolean({
      description:
        'True means that the model may read events that are TLP:RED. Nodes before version 0.12 omit this field.',
    }),
  ),
  answers_red: Type.Optional(
    Type.Boolean({
      description:
        'False means that a question which chooses this model is refused in an event that is TLP:RED. True means that the model itself, one of its fallbacks or the offline analyst may answer there.',
    }),
  ),
})
export type Model = Static<typeof Model>

const OptionalStrings = Type.Optional(Type.Array(Type.String()))

export const ModelHealth = Type.Object(
  {
    last_success_at: Nullable(Timestamp),
    last_failure_at: Nullable(Timestamp),
    last_failure_code: Nullable(Type.String()),
    workers: Type.Integer({ minimum: 0, description: 'It counts the running workers that have configured the model.' }),
    left_out_by: Type.Integer({
      minimum: 0,
      description: 'It counts the workers in which the circuit breaker of the model is open.',
    }),
  },
  {
    $id: 'ModelHealth',
    description:
      'It sums up the last reports of the workers that ran within the last day. A refusal because the model is busy is not a failure.',
  },
)
export type ModelHealth = Static<typeof ModelHealth>

/** Describes a model to an admin, without the URL of its endpoint and without its key. */
export const ConfiguredModel = Type.Object(
  {
    id: Type.String(),
    provider: Type.String(),
    model: Type.String({ description: 'It is the name that the provider uses.' }),
    default: Type.Boolean({
      description: 'True means that this model answers if neither the user nor a rule chooses one.',
    }),
    context_window: Nullable(Type.Integer({ minimum: 1, description: 'It is in tokens.' })),
    max_tokens: Nullable(Type.Integer({ minimum: 1, description: 'It limits an answer, in tokens.' })),
    prices: Nullable(
      Type.Object(
        { prompt: Type.Number(), completion: Type.Number() },
        { description: 'They are per million tokens, in the currency of the models file.' },
      ),
    ),
    choose_for: Type.Array(
      Type.Object({ severity: Type.Optional(Type.Array(Severity)), source: OptionalStrings, words: OptionalStrings }),
      {
        description:
          'If the user chooses no model, this one is chosen for events that match one of these rules. A rule matches if all its conditions are met. `words` are searched in the name, the message and the context of the event.',
      },
    ),
    fallbacks: Type.Array(Type.String(), { description: 'They are model ids, in the order in which they are called.' }),
    limits: Nullable(
      Type.Object(
        {
          max_concurrent: Nullable(
            Type.Integer({ minimum: 1, description: 'It limits the calls that run at the same time.' }),
          ),
          requests_per_minute: Nullable(Type.Integer({ minimum: 1 })),
          tokens_per_minute: Nullable(Type.Integer({ minimum: 1 })),
        },
        {
          description:
            'They limit the calls of all workers together. A limit that is null does not apply. If there is none, `limits` is null.',
        },
      ),
    ),
    inside: Type.Optional(Type.Boolean({ description: 'True means that the model may read events that are TLP:RED.' })),
    health: Nullable(ModelHealth),
  },
  { $id: 'ConfiguredModel' },
)
export type ConfiguredModel = Static<typeof ConfiguredModel>
