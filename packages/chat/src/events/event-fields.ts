import type { CreateEvent, Event, UpdateEvent } from '@engineer-chat/protocol'
import type { EventChange } from '../shared/index.ts'

type TextCheck = (text: string, path: string) => string
/** Names every field that a request may change: a forgotten one does not compile. */
type EachField<Value> = Record<keyof UpdateEvent, Value>
/** Lists the fields that a request may set when it opens an event. */
type NewFields = Pick<Event, Exclude<keyof CreateEvent, 'event_id'>>

/** Fills in the fields that a request for a new event left out. */
export const toNewFields = (text: TextCheck, input: CreateEvent): NewFields => ({
  event_name: text(input.event_name, '/event_name'),
  message: text(input.message, '/message'),
  context: text(input.context ?? '', '/context'),
  severity: input.severity,
  source: text(input.source, '/source'),
  access: input.access ?? 'open',
  tlp: input.tlp ?? 'amber',
})

/** Keeps only the fields that may be changed, because a request may hold others. */
export function pickChanges(text: TextCheck, requested: UpdateEvent): UpdateEvent {
  const check = (field: 'event_name' | 'message' | 'context') => {
    const value = requested[field]
    return value === undefined ? undefined : text(value, `/${field}`)
  }
  const { severity, event_status, access, tlp } = requested
  const checked = {
    event_name: check('event_name'),
    message: check('message'),
    context: check('context'),
    severity,
    event_status,
    access,
    tlp,
  } satisfies EachField<unknown>
  return removeUndefined(checked)
}

function removeUndefined<T extends object>(fields: T): Partial<T> {
  const kept: Partial<T> = { ...fields }
  for (const name in kept) if (kept[name] === undefined) delete kept[name]
  return kept
}

/** Returns the changed fields as they are stored: the new value, or null for a longer text, which is not stored. */
export function listChangedFields(changes: UpdateEvent): EventChange['changed'] {
  const { event_name, severity, event_status, access, tlp } = changes
  const omitText = (text: string | undefined) => (text === undefined ? undefined : null)
  const kept: EachField<string | null | undefined> = {
    event_name,
    severity,
    event_status,
    access,
    tlp,
    message: omitText(changes.message),
    context: omitText(changes.context),
  }
  return Object.fromEntries(
    Object.entries(kept).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])),
  )
}
