import { markDeceptive } from '@engineer-chat/markdown'
import { AuditRecord } from '@engineer-chat/protocol'

const FIELDS = Object.keys(AuditRecord.properties)

export const CSV_HEAD = `${FIELDS.join(',')}\r\n`

export function toCsvLine(record: AuditRecord): string {
  const values: Record<string, string | null> = record
  return `${FIELDS.map((field) => toCell(values[field] ?? '')).join(',')}\r\n`
}

/**
 * Escapes invisible characters, adds an apostrophe if a spreadsheet would read the cell as a formula, and quotes the
 * cell if CSV requires it.
 */
function toCell(value: string): string {
  const text = markDeceptive(value)
  const safeText = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safeText) ? `"${safeText.replaceAll('"', '""')}"` : safeText
}
