import type { RoomIndicator } from '@engineer-chat/protocol'
import { toCsv } from './csv.ts'

const COLUMNS = ['type', 'value', 'count', 'first_at', 'last_at', 'events'] as const

/** Builds a CSV file for other tools, with a header line. Its values are not defanged. */
export const toIndicatorsCsv = (indicators: readonly RoomIndicator[]): string =>
  toCsv([COLUMNS, ...indicators.map((indicator) => COLUMNS.map((column) => String(indicator[column])))]).text
