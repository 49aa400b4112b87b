import type { AgentField } from '@engineer-chat/protocol'

export interface FieldRow {
  name: string
  depth: number
  /** Undefined for what has rows of its own below. */
  value: string | undefined
}

/** More rows than a person reads; the source has all of them. */
export const MAX_FIELD_ROWS = 400

/** Lists an agent's fields as rows, the inner ones below their names. Entries of a list have their place as their name. */
export function toFieldRows(fields: AgentField[]): { rows: FieldRow[]; isCut: boolean } {
  const rows: FieldRow[] = []
  const add = (name: string, value: unknown, depth: number): void => {
    if (rows.length > MAX_FIELD_ROWS) return
    const inner = typeof value === 'object' && value !== null ? value : {}
    const entries = Object.entries(inner)
    if (entries.length === 0) {
      rows.push({ name, depth, value: typeof value === 'string' ? value : JSON.stringify(value) })
      return
    }
    rows.push({ name, depth, value: undefined })
    for (const [key, one] of entries) {
      if (rows.length > MAX_FIELD_ROWS) return
      add(Array.isArray(inner) ? `[${key}]` : key, one, depth + 1)
    }
  }
  for (const { name, value } of fields) add(name, value, 0)
  return { rows: rows.slice(0, MAX_FIELD_ROWS), isCut: rows.length > MAX_FIELD_ROWS }
}
