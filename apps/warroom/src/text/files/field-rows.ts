import type { AgentField } from '@engineer-chat/protocol'

export interface FieldRow {
  name: string
  depth: number
  /** Undefined means that the rows below show the inner fields of this field. */
  value: string | undefined
  /** Holds the JSON pointer of the value within the message's content. */
  path: string
}

/** Limits the rows, so that a message stays readable. The message's source has all fields. */
export const MAX_FIELD_ROWS = 400

/** Lists an agent's fields as rows, with inner fields below outer ones. An entry of a list is named by its index. */
export function toFieldRows(fields: AgentField[]): { rows: FieldRow[]; isCut: boolean } {
  const rows: FieldRow[] = []
  const add = (name: string, value: unknown, depth: number, path: string): void => {
    if (rows.length > MAX_FIELD_ROWS) return
    const inner = typeof value === 'object' && value !== null ? value : {}
    const entries = Object.entries(inner)
    if (entries.length === 0) {
      rows.push({ name, depth, path, value: typeof value === 'string' ? value : JSON.stringify(value) })
      return
    }
    rows.push({ name, depth, path, value: undefined })
    for (const [key, entry] of entries) {
      if (rows.length > MAX_FIELD_ROWS) return
      add(Array.isArray(inner) ? `[${key}]` : key, entry, depth + 1, toPointer(path, key))
    }
  }
  for (const { name, value } of fields) add(name, value, 0, toPointer('', name))
  return { rows: rows.slice(0, MAX_FIELD_ROWS), isCut: rows.length > MAX_FIELD_ROWS }
}

/** Appends a name to a JSON pointer (RFC 6901). */
const toPointer = (path: string, name: string): string => `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
