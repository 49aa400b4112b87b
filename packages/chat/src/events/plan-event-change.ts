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
import { toChangedColumn } from './event-fields.ts'

export interface EventChangePlan {
  /** Holds the new values of the fields that change. */
  newValues: UpdateEvent
  /**
   * Maps each changed field to its new value, or to null for a long text. This is the column `changed` of the new row
   * in `event_changes`.
   */
  changedColumn: EventChangeRecord['changed']
  /** Holds the content of the timeline's row. Null means that the timeline does not show the change. */
  rowContent: EventChangeContent | null
}

/**
 * Plans the change of an event. Undefined means that the request changes nothing. No other change may come between the
 * store's read of `before` and its write of the plan, so the store in MySQL first locks the room (its row in `events`).
 */
export function planEventChange(
  before: Event,
  requested: UpdateEvent,
  changedBy: Principal,
): EventChangePlan | undefined {
  const newValues = pickDifferent(before, requested)
  if (Object.keys(newValues).length === 0) return undefined
  const shownChanges = listShownChanges(before, newValues, changedBy)
  const isShown = Object.keys(shownChanges).length > 0
  return {
    newValues,
    changedColumn: toChangedColumn(newValues),
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

function listShownChanges(before: Event, newValues: UpdateEvent, changedBy: Principal): FieldChanges {
  const shown: FieldChanges = {}
  for (const field of CHANGEABLE_FIELDS) {
    const newValue = newValues[field]
    if (newValue === undefined) continue
    const change = toFieldChange(field, before[field], newValue)
    if (field === 'event_status' && isRoutineChangeOfAgent(changedBy, change)) continue
    shown[field] = change
  }
  return shown
}

/** Leaves out long texts, because the timeline's row says only that they changed. */
const toFieldChange = (field: keyof UpdateEvent, from: string, to: string): FieldChange =>
  field === 'message' || field === 'context' ? [null, null] : [from, to]

/** These statuses end an incident. Agents set the other ones in each round of their work. */
const END_STATUSES: ReadonlySet<string | null> = new Set<EventStatus>(['resolved', 'closed'])

/**
 * Returns true if an agent changes the event's status, and neither the old nor the new status ends the incident. The
 * timeline does not show such a change.
 */
const isRoutineChangeOfAgent = (changedBy: Principal, [from, to]: FieldChange): boolean =>
  changedBy.role === 'agent' && !END_STATUSES.has(from) && !END_STATUSES.has(to)

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
