import { type Static, Type } from 'typebox'
import { CursorQuery } from '../problem.ts'
import { EventAccess, EventId, MemberRole, Nullable, RoundId, Seq, Severity, Timestamp, UserId } from '../scalars.ts'

/**
 * Agents and people set these states. An event begins as `pending` and ends as `closed`. `round_finished` is about a
 * round of the agents' work.
 */
export const EVENT_STATUSES = [
  'pending',
  'processing',
  'tasks_completed',
  'to_be_summarized',
  'summarized',
  'summary_failed',
  'round_finished',
  'failed',
  'completed',
  'resolved',
  'closed',
] as const
export const EventStatus = Type.Enum(EVENT_STATUSES)
export type EventStatus = Static<typeof EventStatus>

/**
 * These are the labels of FIRST's traffic light protocol (TLP 2.0, https://www.first.org/tlp/). The widest audience
 * comes first.
 */
export const TLP_LABELS = ['clear', 'green', 'amber', 'amber+strict', 'red'] as const
export const Tlp = Type.Enum(TLP_LABELS, { description: 'It states with whom the information may be shared.' })
export type Tlp = Static<typeof Tlp>

export const EventSummary = Type.Object({
  version: Type.String(),
  round_id: RoundId,
  event_summary: Type.String(),
  event_suggestion: Type.String(),
  updated_at: Timestamp,
})
export type EventSummary = Static<typeof EventSummary>

export const Event = Type.Object(
  {
    event_id: EventId,
    event_name: Type.String(),
    message: Type.String({ description: 'It is the report about the incident.' }),
    context: Type.String(),
    severity: Severity,
    source: Type.String(),
    event_status: EventStatus,
    access: EventAccess,
    tlp: Tlp,
    seq: Seq,
    summary_version: Nullable(Type.String()),
    created_by: Nullable(UserId),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'Event' },
)
export type Event = Static<typeof Event>

export const CreateEvent = Type.Object({
  event_id: Type.Optional(EventId),
  event_name: Type.String({ pattern: '\\S', maxLength: 255 }),
  message: Type.String({ minLength: 1, maxLength: 65_536 }),
  context: Type.Optional(Type.String({ maxLength: 65_536 })),
  severity: Severity,
  source: Type.String({ minLength: 1, maxLength: 255 }),
  access: Type.Optional(EventAccess),
  tlp: Type.Optional({ ...Tlp, default: 'amber' }),
})
export type CreateEvent = Static<typeof CreateEvent>

export const UpdateEvent = Type.Partial(
  Type.Object({
    event_name: Type.String({ pattern: '\\S', maxLength: 255 }),
    message: Type.String({ minLength: 1, maxLength: 65_536 }),
    context: Type.String({ maxLength: 65_536 }),
    severity: Severity,
    event_status: EventStatus,
    access: EventAccess,
    tlp: Tlp,
  }),
)
export type UpdateEvent = Static<typeof UpdateEvent>

/** An event matches if every given field matches. */
export const EventFilter = Type.Partial(Type.Pick(Event, ['severity', 'event_status', 'tlp']))
export type EventFilter = Static<typeof EventFilter>

export function matchesEventFilter(event: Event, filter: EventFilter): boolean {
  const values = new Map<string, unknown>(Object.entries(event))
  return Object.entries(filter).every(([field, expected]) => expected === undefined || values.get(field) === expected)
}

/**
 * States the caller's unread counts in an event. The caller's own rows, rows about changes of the event, and later
 * changes of a row that was read do not count.
 */
export const InboxCounts = Type.Object({
  unread: Type.Integer({
    minimum: 0,
    description:
      'It counts the shared messages after the caller’s read position, and the private answers to the caller that ended since the caller last marked the room as read. Messages of the caller, shared replies to them and changes of the event are not counted. It is at most 100.',
  }),
  mentions: Type.Integer({ minimum: 0, description: 'It counts the unread posts that mention the caller, up to 100.' }),
  muted: Type.Boolean({
    description: 'True means that the caller muted the event. Its unread messages are still counted.',
  }),
  read_position: Nullable(
    Type.Integer({
      minimum: 0,
      description: 'The caller has read up to this position, on any device. Null means that no position is stored.',
    }),
  ),
  last_activity_at: Type.String({
    ...Timestamp,
    description:
      'It is the time of the newest shared message or private answer that the caller may see, or else of the event’s creation. It is in ISO 8601 and UTC, with milliseconds.',
  }),
})
export type InboxCounts = Static<typeof InboxCounts>

/** Adds the caller's unread counts to an event. An agent has no inbox, so its counts are 0. */
export const ListedEvent = Type.Object({ ...Event.properties, ...InboxCounts.properties }, { $id: 'ListedEvent' })
export type ListedEvent = Static<typeof ListedEvent>

/** Mutes an event for the caller, or ends the muting. */
export const SetMuted = Type.Object({ muted: Type.Boolean() })
export type SetMuted = Static<typeof SetMuted>

/** Asks for a page of the events that match the filter. */
export const ListEvents = Type.Object({ ...CursorQuery.properties, ...EventFilter.properties })
export type ListEvents = Static<typeof ListEvents>

export const EventMember = Type.Object({
  event_id: EventId,
  user_id: UserId,
  username: Type.String(),
  role: MemberRole,
  created_at: Timestamp,
})
export type EventMember = Static<typeof EventMember>

export const PutMember = Type.Object({ role: MemberRole })
export type PutMember = Static<typeof PutMember>

export const CreateSummary = Type.Object({
  round_id: RoundId,
  event_summary: Type.String({ minLength: 1, maxLength: 65_536 }),
  event_suggestion: Type.Optional(Type.String({ maxLength: 65_536 })),
})
export type CreateSummary = Static<typeof CreateSummary>
