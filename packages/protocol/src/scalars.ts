import { type Static, type TSchema, Type } from 'typebox'

/**
 * Ids are compared byte by byte. They contain no space, because MySQL ignores spaces at the end when it compares texts.
 */
const ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$'

export const EventId = Type.String({ pattern: ID_PATTERN, description: 'It names an incident and its room.' })
export const UserId = Type.String({ pattern: ID_PATTERN })
export const MessageId = Type.String({ pattern: ID_PATTERN })
export const DocumentId = Type.String({ pattern: ID_PATTERN, description: 'It names a document.' })
export const SessionId = Type.String({
  pattern: ID_PATTERN,
  description: 'It has the form chat_{first 8 hex of md5(event_id + "_" + user_id)}_{8 random hex}.',
})
export const ClientMessageId = Type.String({
  pattern: '^[\\x21-\\x7e]{1,128}$',
  description:
    'The client chooses an id for each question or post. A second request with the same id stores nothing new.',
})
export const Timestamp = Type.String({ description: 'It is in ISO 8601 and UTC, with milliseconds.' })
const SAFE_INTEGER_RANGE = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
export const Seq = Type.Integer({
  ...SAFE_INTEGER_RANGE,
  description:
    'It is a number in the sequence of the room’s changes. A message has the number of its own last change, and an event the number of the last change in its room.',
})
export const Position = Type.Integer({
  ...SAFE_INTEGER_RANGE,
  description: 'It is the place of a message in its room and never changes.',
})
export const RoundId = Type.Integer({
  minimum: 0,
  maximum: 2_147_483_647,
  description: "It numbers a round of the agents' work.",
})

/** Counts the characters of a text as the limits for users' texts do: in Unicode code points. */
export const countCharacters = (text: string): number => [...text].length

/** A person's message has at most this many characters after trimming. */
export const MAX_MESSAGE_CHARACTERS = 8_000

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const UserRole = Type.Enum(['admin', 'engineer', 'agent'])
export type UserRole = Static<typeof UserRole>

export const MemberRole = Type.Enum(['commander', 'responder', 'observer'])
export type MemberRole = Static<typeof MemberRole>

export const MessageCategory = Type.Enum(['agent', 'engineer_chat', 'room'])
export type MessageCategory = Static<typeof MessageCategory>

export const SenderType = Type.Enum(['user', 'ai', 'system'])
export type SenderType = Static<typeof SenderType>

export const Visibility = Type.Enum(['private', 'room'])
export type Visibility = Static<typeof Visibility>

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export const Severity = Type.Enum(SEVERITIES)
export type Severity = Static<typeof Severity>

export const EventAccess = Type.Enum(['open', 'restricted'])
export type EventAccess = Static<typeof EventAccess>
