import type { CreateEvent, Event, UpdateEvent } from '@engineer-chat/protocol'
import type { EventChangeRecord } from '../shared/index.ts'
import type { TextCheck } from './event-text.ts'

/** Has every field that a request may change, so that code which forgets a field does not compile. */
type EachField<Value> = Record<keyof UpdateEvent, Value>
/** Holds the fields that a request may set when it opens an event, except the id. */
type NewEventFields = Pick<Event, Exclude<keyof CreateEvent, 'event_id'>>

/** Checks the texts of a request for a new event, and adds default values for the fields that the request left out. */
export const toNewEventFields = (checkText: TextCheck, input: CreateEvent): NewEventFields => ({
  event_name: checkText(input.event_name, '/event_name'),
  message: checkText(input.message, '/message'),
  context: checkText(input.context ?? '', '/context'),
  severity: input.severity,
  source: checkText(input.source, '/source'),
  access: input.access ?? 'open',
  tlp: input.tlp ?? 'amber',
})

/** Returns the fields that a request may change, with checked texts. Other fields of the request are left out. */
export function pickChangeableFields(checkText: TextCheck, requested: UpdateEvent): UpdateEvent {
  const checkField = (field: 'event_name' | 'message' | 'context') => {
    const text = requested[field]
    return text === undefined ? undefined : checkText(text, `/${field}`)
  }
  const { severity, event_status, access, tlp } = requested
  const checked = {
    event_name: checkField('event_name'),
    message: checkField('message'),
    context: checkField('context'),
    severity,
    event_status,
    access,
    tlp,
  } satisfies EachField<unknown>
  return removeUndefined(checked)
}

function removeUndefined<T extends object>(fields: T): Partial<T> {
  const defined: Partial<T> = { ...fields }
  for (const name in defined) if (defined[name] === undefined) delete defined[name]
  return defined
}

/**
 * Maps each changed field to the value that `event_changes` stores: the new one, or null for a long text. In `newValues`,
 * a field that has not changed is undefined.
 */
export function toStoredChanges(newValues: UpdateEvent): EventChangeRecord['changed'] {
  const { event_name, severity, event_status, access, tlp } = newValues
  const toNullIfChanged = (text: string | undefined) => (text === undefined ? undefined : null)
  const stored: EachField<string | null | undefined> = {
    event_name,
    severity,
    event_status,
    access,
    tlp,
    message: toNullIfChanged(newValues.message),
    context: toNullIfChanged(newValues.context),
  }
  return Object.fromEntries(
    Object.entries(stored).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])),
  )
}
