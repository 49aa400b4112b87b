import { type Message, type NamedFieldChange, readEventChange } from '@engineer-chat/protocol'
import type { Catalog } from '../i18n/en.ts'

type ChangeRow = Parameters<typeof readEventChange>[0] & Pick<Message, 'message_content'>

/** Says in the reader's language what a row tells of the event, without a name. Undefined for every other row. */
export function describeEventChange(message: ChangeRow, t: Catalog): string | undefined {
  return readEventChange(message)
    ?.map((change) => describeFieldChange(change, t))
    .join(t.event_change.joiner)
}

/** A field or a value of a later version is shown as it was written. */
export function describeFieldChange({ field, from, to }: NamedFieldChange, t: Catalog): string {
  const { event_change } = t
  const name = event_change.field[field] ?? field
  if (from === null || to === null) return event_change.rewritten(name)
  if (field === 'event_name') return event_change.renamed(from, to)
  return event_change.changed(name, writeValue(field, from, t), writeValue(field, to, t))
}

function writeValue(field: string, value: string, t: Catalog): string {
  if (field === 'tlp') return `TLP:${value.toUpperCase()}`
  const words: Record<string, Record<string, string>> = {
    severity: t.severity,
    event_status: t.status,
    access: t.event_change.access,
  }
  return words[field]?.[value] ?? value
}
