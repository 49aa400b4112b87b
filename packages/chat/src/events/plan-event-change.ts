import {
  CHANGEABLE_FIELDS,
  EVENT_CHANGE,
  type Event,
  type EventChangeContent,
  type EventStatus,
  type FieldChange,
  type FieldChanges,
  type UpdateEvent,
} from '@engineer-chat/protocol'
import { createId, type EventChangeRecord, type Principal, type StoredMessage } from '../shared/index.ts'
import { describeChanges } from './describe-changes.ts'
import { toStoredChanges } from './event-fields.ts'

export interface EventChangePlan {
  /** Holds the new values of the fields that change. */
  newValues: UpdateEvent
  /**
   * Maps each changed field to its new value, or to null for a long text. The new row in `event_changes` stores this
   * map in its column `changed`.
   */
  storedChanges: EventChangeRecord['changed']
  /** Holds the content of the timeline's new row. Null means that the timeline does not show the change. */
  rowContent: EventChangeContent | null
}

/**
 * Plans the change of an event. Returns undefined if the request changes nothing. The store must not let another change
 * come between the read of `before` and the write of the plan. So the MySQL store first locks the room, which is a row
 * in `events`.
 */
export function planEventChange(
  before: Event,
  requested: UpdateEvent,
  changedBy: Principal,
): EventChangePlan | undefined {
  const newValues = pickDifferent(before, requested)
  if (Object.keys(newValues).length === 0) return undefined
  const shownChanges = pickShownChanges(before, newValues, changedBy)
  const isShown = Object.keys(shownChanges).length > 0
  return {
    newValues,
    storedChanges: toStoredChanges(newValues),
    rowContent: isShown
      ? { content: describeChanges(shownChanges), changes: shownChanges, by: changedBy.user_id }
      : null,
  }
}

function pickDifferent(before: Event, requested: UpdateEvent): UpdateEvent {
  const newValues = { ...requested }
  for (const field of CHANGEABLE_FIELDS) {
    if (newValues[field] === before[field]) delete newValues[field]
  }
  return newValues
}

function pickShownChanges(before: Event, newValues: UpdateEvent, changedBy: Principal): FieldChanges {
  const shown: FieldChanges = {}
  for (const field of CHANGEABLE_FIELDS) {
    const newValue = newValues[field]
    if (newValue === undefined) continue
    const change = toFieldChange(field, before[field], newValue)
    if (!isRoutineChangeOfAgent(changedBy, field, change)) shown[field] = change
  }
  return shown
}

/** Replaces both values of a long text by null, because the timeline's row says only that the text changed. */
const toFieldChange = (field: keyof UpdateEvent, from: string, to: string): FieldChange =>
  field === 'message' || field === 'context' ? [null, null] : [from, to]

/** Holds the statuses that end an incident. Agents set the other statuses in each round of their work. */
const END_STATUSES: ReadonlySet<string | null> = new Set<EventStatus>(['resolved', 'closed'])

/**
 * Returns true if an agent changes the event's status, and neither the old nor the new status ends the incident. The
 * timeline does not show such a change.
 */
const isRoutineChangeOfAgent = (changedBy: Principal, field: keyof UpdateEvent, [from, to]: FieldChange): boolean =>
  changedBy.role === 'agent' && field === 'event_status' && !END_STATUSES.has(from) && !END_STATUSES.has(to)

/** Creates the row that shows the change in the timeline to everybody in the room. */
export function createChangeRow(
  { event_id, seq, at }: { event_id: string; seq: number; at: string },
  { content, changes, by }: EventChangeContent,
): StoredMessage {
  return {
    message: {
      message_id: createId(),
      event_id,
      position: seq,
      seq,
      user_id: by,
      message_from: 'system',
      message_type: EVENT_CHANGE,
      message_category: 'room',
      sender_type: 'system',
      chat_session_id: null,
      visibility: 'room',
      reply_to: null,
      round_id: null,
      event_summary_version: null,
      message_content: { content, changes, by },
      created_at: at,
      updated_at: at,
    },
    audience: 'all',
    attempt: 0,
  }
}
