import { AuditRecord } from '@engineer-chat/protocol'

const FIELDS = Object.keys(AuditRecord.properties) as Array<keyof AuditRecord>

export const CSV_HEAD = `${FIELDS.join(',')}\r\n`

export const toCsvLine = (record: AuditRecord): string =>
  `${FIELDS.map((field) => toCell(record[field])).join(',')}\r\n`

/** What a spreadsheet would take for a formula is shown as text. */
function toCell(value: string | null): string {
  const text = value ?? ''
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
