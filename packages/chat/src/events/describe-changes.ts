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
 * Describes changes in plain English, for all readers that use only this text: web pages of an earlier version, the
 * search, and prompts. The text names no person, because agents read it too and receive no names. The row in the
 * timeline has the id of the person in the field `by` of its content.
 */
export function describeChanges(changes: FieldChanges): string {
  const names: Record<string, string> = FIELD_NAMES
  return Object.entries(changes)
    .map(([field, [from, to]]) => {
      const name = names[field] ?? field
      // The report and the context are long texts. Their values are not stored, so both are null.
      if (from === null || to === null) return `${name} was rewritten.`
      return `${name} was changed from ${formatValue(field, from)} to ${formatValue(field, to)}.`
    })
    .join(' ')
}

function formatValue(field: string, value: string): string {
  if (field === 'event_name') return `“${value}”`
  if (field === 'tlp') return value.toUpperCase()
  return field === 'event_status' ? (STATUS_NAMES[value] ?? value) : value
}
