import type { RoomIndicator } from '@engineer-chat/protocol'

const COLUMNS = ['type', 'value', 'count', 'first_at', 'last_at', 'events'] as const

/** Builds a file for other tools, with live values, by RFC 4180. */
export const toIndicatorsCsv = (indicators: readonly RoomIndicator[]): string =>
  [COLUMNS.join(','), ...indicators.map((one) => COLUMNS.map((column) => toCell(String(one[column]))).join(','))]
    .map((line) => `${line}\r\n`)
    .join('')

/** A spreadsheet would run a cell that begins with one of these characters as a formula. */
const FORMULA = /^[=+\-@\t\r]/

const toCell = (text: string): string => `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
