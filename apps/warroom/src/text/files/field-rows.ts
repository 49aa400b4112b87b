import type { AgentField } from '@engineer-chat/protocol'

export interface FieldRow {
  name: string
  depth: number
  /** Undefined means that the rows below show the inner fields of this field. */
  value: string | undefined
  /** Holds the JSON pointer of the value within the message's content. */
  path: string
}

/** Limits the rows, so that a message stays readable. The dialog with the message's source shows all fields. */
export const MAX_FIELD_ROWS = 400

/** Lists an agent's fields as rows, with inner fields below outer ones. An entry of an array is named by its index. */
export function toFieldRows(fields: AgentField[]): { rows: FieldRow[]; isCut: boolean } {
  const rows: FieldRow[] = []
  const addRows = (name: string, value: unknown, depth: number, path: string): void => {
    if (rows.length > MAX_FIELD_ROWS) return
    const container = typeof value === 'object' && value !== null ? value : {}
    const innerFields = Object.entries(container)
    if (innerFields.length === 0) {
      rows.push({ name, depth, path, value: typeof value === 'string' ? value : JSON.stringify(value) })
      return
    }
    rows.push({ name, depth, path, value: undefined })
    for (const [key, innerValue] of innerFields) {
      if (rows.length > MAX_FIELD_ROWS) return
      addRows(Array.isArray(container) ? `[${key}]` : key, innerValue, depth + 1, toPointer(path, key))
    }
  }
  for (const { name, value } of fields) addRows(name, value, 0, toPointer('', name))
  return { rows: rows.slice(0, MAX_FIELD_ROWS), isCut: rows.length > MAX_FIELD_ROWS }
}

/** Appends a name to a JSON pointer (RFC 6901). */
const toPointer = (path: string, name: string): string => `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
