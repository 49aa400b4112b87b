import { type Static, Type } from 'typebox'
import { Event, InboxCounts } from './events/events.ts'
import { Message } from './rooms.ts'
import { EventId, MessageId, Nullable, Seq, UserId } from './scalars.ts'

export const PROTOCOL_VERSION = 1

/** A `Message` whose JSON has more than this many bytes is cut before it enters a frame, and has `truncated: true`. */
export const MAX_MESSAGE_JSON_BYTES = 64 * 1024
/** A `subscribed` frame has at most this many bytes. Rows that do not fit follow as `message` frames. */
export const MAX_SUBSCRIBED_BYTES = 1024 * 1024

export const CLOSE_CODES = {
  policy: 1008,
  tooLarge: 1009,
  restart: 1012,
  unauthenticated: 4401,
  forbidden: 4403,
  slowReader: 4408,
  tooManyConnectionsOrFrames: 4429,
} as const

const createFrameType = <T extends string>(type: T) => Type.Literal(type)

export const Subscribe = Type.Object({
  type: createFrameType('subscribe'),
  event_id: EventId,
  last_seq: Type.Optional(
    Type.Integer({
      ...Seq,
      description:
        'The client has received every change up to this number. The server sends the later changes. If this is not possible, or without a number, it sends the newest page with `reset: true`.',
    }),
  ),
})
export type Subscribe = Static<typeof Subscribe>
export const Unsubscribe = Type.Object({ type: createFrameType('unsubscribe'), event_id: EventId })
export type Unsubscribe = Static<typeof Unsubscribe>
export const Typing = Type.Object({ type: createFrameType('typing'), event_id: EventId })
export type Typing = Static<typeof Typing>
export const Reauthenticate = Type.Object({
  type: createFrameType('auth'),
  access_token: Type.String({ maxLength: 8_192 }),
})
export type Reauthenticate = Static<typeof Reauthenticate>
export const Ping = Type.Object({ type: createFrameType('ping') })
export type Ping = Static<typeof Ping>

export const ClientFrame = Type.Union([Subscribe, Unsubscribe, Typing, Reauthenticate, Ping])
export type ClientFrame = Static<typeof ClientFrame>

export const Hello = Type.Object({
  type: createFrameType('hello'),
  connection_id: Type.String(),
  protocol: Type.Literal(PROTOCOL_VERSION),
  user_id: UserId,
  heartbeat_interval_ms: Type.Integer(),
})
export type Hello = Static<typeof Hello>

export const Authenticated = Type.Object({
  type: createFrameType('authenticated'),
  expires_in: Type.Integer({ description: 'The access token expires after this time, in seconds.' }),
})
export type Authenticated = Static<typeof Authenticated>

export const Subscribed = Type.Object({
  type: createFrameType('subscribed'),
  event_id: EventId,
  seq: Type.Integer({
    ...Seq,
    description:
      'After this frame, the client can resume from this number (`last_seq`). Changes with higher numbers follow in other frames.',
  }),
  reset: Type.Boolean({
    description: 'True means that the client must drop its messages of this room and start from `messages`.',
  }),
  event: Event,
  messages: Type.Array(Message),
  has_more: Type.Boolean({ description: 'True means that older messages exist, which the client reads by HTTP.' }),
})
export type Subscribed = Static<typeof Subscribed>

export const MessageChanged = Type.Object({
  type: createFrameType('message'),
  event_id: EventId,
  seq: Seq,
  message: Message,
})
export type MessageChanged = Static<typeof MessageChanged>

export const EventChanged = Type.Object({ type: createFrameType('event'), event_id: EventId, seq: Seq, event: Event })
export type EventChanged = Static<typeof EventChanged>

export const ReplyDelta = Type.Object({
  type: createFrameType('delta'),
  event_id: EventId,
  message_id: MessageId,
  attempt: Type.Integer({ minimum: 1 }),
  index: Type.Integer({ minimum: 0, description: 'It numbers the deltas of this attempt from 0.' }),
  text: Type.String(),
})
export type ReplyDelta = Static<typeof ReplyDelta>

export const ReplySnapshot = Type.Object({
  type: createFrameType('snapshot'),
  event_id: EventId,
  message_id: MessageId,
  attempt: Type.Integer({ minimum: 0 }),
  next_index: Type.Integer({ minimum: 0, description: 'It is the index of the delta that continues the text.' }),
  text: Type.String(),
  truncated: Type.Optional(Type.Literal(true)),
})
export type ReplySnapshot = Static<typeof ReplySnapshot>

export const Cursor = Type.Object({
  type: createFrameType('cursor'),
  event_id: EventId,
  seq: Type.Integer({
    ...Seq,
    description: 'The client has received every change up to this number that its user may see.',
  }),
})
export type Cursor = Static<typeof Cursor>

/**
 * A `presence` frame names at most this many users. If it named all users, its traffic would grow with the square of
 * their number, because each of them receives it.
 */
export const MAX_NAMED_USERS = 200

export const Presence = Type.Object({
  type: createFrameType('presence'),
  event_id: EventId,
  users: Type.Array(UserId, { maxItems: MAX_NAMED_USERS }),
  count: Type.Integer({
    minimum: 0,
    description: `It counts all users present; \`users\` names at most ${MAX_NAMED_USERS} of them.`,
  }),
})
export type Presence = Static<typeof Presence>
export const UserTyping = Type.Object({ type: createFrameType('typing'), event_id: EventId, user_id: UserId })
export type UserTyping = Static<typeof UserTyping>

/** States the caller's unread counts in one event. The fields have the names that they have in a listed event. */
export const InboxItem = Type.Object({
  event_id: EventId,
  ...InboxCounts.properties,
  severity: Event.properties.severity,
  event_status: Event.properties.event_status,
})
export type InboxItem = Static<typeof InboxItem>

export const Inbox = Type.Object({
  type: createFrameType('inbox'),
  events: Type.Array(InboxItem),
  removed: Type.Optional(Type.Array(EventId, { description: 'It names events that the caller may no longer enter.' })),
})
export type Inbox = Static<typeof Inbox>

/** Lists the codes of error frames. Some of them are codes of HTTP problems, too. */
export const FrameErrorCode = Type.Enum([
  'malformed_frame',
  'unauthorized',
  'forbidden',
  'event_not_found',
  'not_subscribed',
  'too_many_rooms',
  'rate_limited',
  'unavailable',
  'internal',
])
export type FrameErrorCode = Static<typeof FrameErrorCode>

export const FrameError = Type.Object({
  type: createFrameType('error'),
  code: FrameErrorCode,
  detail: Type.String(),
  event_id: Type.Optional(Nullable(EventId)),
})
export type FrameError = Static<typeof FrameError>

export const GoAway = Type.Object({
  type: createFrameType('goaway'),
  reason: Type.String(),
  reconnect_after_ms: Type.Integer(),
})
export type GoAway = Static<typeof GoAway>
export const Pong = Type.Object({ type: createFrameType('pong') })
export type Pong = Static<typeof Pong>

export const ServerFrame = Type.Union([
  Hello,
  Authenticated,
  Subscribed,
  MessageChanged,
  EventChanged,
  ReplyDelta,
  ReplySnapshot,
  Cursor,
  Presence,
  UserTyping,
  Inbox,
  FrameError,
  GoAway,
  Pong,
])
export type ServerFrame = Static<typeof ServerFrame>
