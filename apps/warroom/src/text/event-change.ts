import { type Message, type NamedFieldChange, readEventChange } from '@engineer-chat/protocol'
import type { Catalog } from '../i18n/en.ts'

type ChangeRow = Parameters<typeof readEventChange>[0] & Pick<Message, 'message_content'>

/**
 * Describes a change of the event in the reader's language, without the user's name. Returns undefined for other rows.
 */
export function describeEventChange(message: ChangeRow, t: Catalog): string | undefined {
  return readEventChange(message)
    ?.map((change) => describeFieldChange(change, t))
    .join(t.event_change.joiner)
}

/** Describes a change of one field. A field or a value that this page does not know is shown as it was stored. */
export function describeFieldChange({ field, from, to }: NamedFieldChange, t: Catalog): string {
  const { event_change } = t
  const name = event_change.field[field] ?? field
  if (from === null || to === null) return event_change.rewritten(name)
  if (field === 'event_name') return event_change.renamed(from, to)
  return event_change.changed(name, formatValue(field, from, t), formatValue(field, to, t))
}

function formatValue(field: string, value: string, t: Catalog): string {
  if (field === 'tlp') return `TLP:${value.toUpperCase()}`
  const labels: Record<string, Record<string, string>> = {
    severity: t.severity,
    event_status: t.status,
    access: t.event_change.access,
  }
  return labels[field]?.[value] ?? value
}
