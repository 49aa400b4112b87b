import type { Message } from '../rooms.ts'
import type { UpdateEvent } from './events.ts'

/** Marks, as `message_type`, a row that records which fields of the event were changed. */
export const EVENT_CHANGE = 'event_change'

/** Holds a field's former and new value. Both are null for `message` and `context`, whose texts may be long. */
export type FieldChange = [from: string | null, to: string | null]

/** Lists the fields in the order in which readers see their changes. A stored object may have another order. */
export const CHANGEABLE_FIELDS = [
  'event_name',
  'severity',
  'event_status',
  'tlp',
  'access',
  'message',
  'context',
] as const satisfies Array<keyof UpdateEvent>

export type FieldChanges = Partial<Record<keyof UpdateEvent, FieldChange>>

/** Holds the content of a row about a change. Clients that don't know the type show `content`. */
export interface EventChangeContent {
  content: string
  changes: FieldChanges
  /** Names the user or agent who made the change. */
  by: string
}

export interface NamedFieldChange {
  field: string
  from: string | null
  to: string | null
}

type ChangeRow = Pick<Message, 'message_type' | 'message_category' | 'sender_type' | 'message_content'>

/**
 * Returns the changes that a row records. Returns undefined if the row records none, or if another version wrote it
 * in a form that is not known; its `content` is then shown. Only the server writes these rows: an agent's message of
 * this type records no changes.
 */
export function readEventChange(message: ChangeRow): NamedFieldChange[] | undefined {
  if (!isEventChange(message)) return undefined
  const { changes }: Record<string, unknown> = message.message_content
  if (typeof changes !== 'object' || changes === null) return undefined
  const fieldChanges = Object.entries(changes)
    .sort(compareFields)
    .map(([field, change]) => readFieldChange(field, change))
  return fieldChanges.length > 0 && fieldChanges.every((change) => change !== undefined) ? fieldChanges : undefined
}

export const isEventChange = ({ message_type, message_category, sender_type }: ChangeRow): boolean =>
  message_type === EVENT_CHANGE && message_category === 'room' && sender_type === 'system'

const compareFields = ([first]: [string, unknown], [second]: [string, unknown]): number =>
  getFieldIndex(first) - getFieldIndex(second)

/** A field that only later versions know comes last. */
function getFieldIndex(field: string): number {
  const index = (CHANGEABLE_FIELDS as readonly string[]).indexOf(field)
  return index < 0 ? CHANGEABLE_FIELDS.length : index
}

function readFieldChange(field: string, change: unknown): NamedFieldChange | undefined {
  if (!Array.isArray(change)) return undefined
  const [from, to]: unknown[] = change
  return isTextOrNull(from) && isTextOrNull(to) ? { field, from, to } : undefined
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'
