import { markDeceptive } from '@engineer-chat/markdown'
import { AuditRecord } from '@engineer-chat/protocol'

const FIELDS = Object.keys(AuditRecord.properties)

export const CSV_HEAD = `${FIELDS.join(',')}\r\n`

export function toCsvLine(record: AuditRecord): string {
  const values: Record<string, string | null> = record
  return `${FIELDS.map((field) => toCell(values[field] ?? '')).join(',')}\r\n`
}

/** Marks what nobody sees, and a cell as text if a spreadsheet would read it as a formula. */
function toCell(value: string): string {
  const text = markDeceptive(value)
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
