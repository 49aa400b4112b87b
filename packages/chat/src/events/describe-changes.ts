import { EVENT_STATUS_NAMES, type FieldChanges, type UpdateEvent } from '@engineer-chat/protocol'

const FIELD_NAMES: Record<keyof UpdateEvent, string> = {
  event_name: 'Name',
  severity: 'Severity',
  event_status: 'Status',
  tlp: 'TLP',
  access: 'Access',
  message: 'The report',
  context: 'The context',
}

const STATUS_NAMES: Record<string, string> = EVENT_STATUS_NAMES.en

/**
 * Writes changes in plain English, for everything that reads only the text: the web page of an earlier version, the
 * search and prompts. The text names no person, because agents read it too and receive no names. The content of the
 * timeline's row holds the id of the person in its field `by`.
 */
export function describeChanges(changes: FieldChanges): string {
  const names: Record<string, string> = FIELD_NAMES
  return Object.entries(changes)
    .map(([field, [from, to]]) => {
      const name = names[field] ?? field
      // The values of a long text are not stored.
      if (from === null || to === null) return `${name} was rewritten.`
      return `${name} was changed from ${writeValue(field, from)} to ${writeValue(field, to)}.`
    })
    .join(' ')
}

function writeValue(field: string, value: string): string {
  if (field === 'event_name') return `“${value}”`
  if (field === 'tlp') return value.toUpperCase()
  return field === 'event_status' ? (STATUS_NAMES[value] ?? value) : value
}
