import { type Indicator, type IndicatorType, isEventChange, readEventChange } from '@engineer-chat/protocol'
import { type StoredMessage, sha256 } from '../../shared/index.ts'
import { listIndicators, listTextIndicators } from './add-indicators.ts'
import type { EventReport, IndicatorOccurrence, IndicatorRules } from './indicator-store.ts'

/**
 * At most this many bytes of each message's indicators as JSON are stored for the search. A message is sent with only
 * 2 KiB of indicators, but the search must also find the others. 64 KiB hold several hundred indicators.
 */
const MAX_STORED_BYTES = 64 * 1024
/** The column `host` has at most this many characters, so a longer host is cut. */
const MAX_HOST_LENGTH = 255

const REPORT_FIELDS = ['event_name', 'message', 'context'] as const satisfies Array<keyof EventReport>

export const INDICATOR_RULES: IndicatorRules = {
  listOccurrences: ({ message }) => toOccurrences(listIndicators(message, MAX_STORED_BYTES)),
  // The limit applies to each field separately, so that a long context leaves room for the indicators of the others.
  listReportOccurrences: (report) =>
    toOccurrences(REPORT_FIELDS.flatMap((field) => listTextIndicators(report[field], MAX_STORED_BYTES))),
  isReportChange,
}

/**
 * Returns true for a row that says that the report was rewritten. Returns true also for a change of the event in a form
 * that this version does not know, because it may be a change of the report.
 */
function isReportChange({ message }: StoredMessage): boolean {
  if (!isEventChange(message)) return false
  const reportFields: readonly string[] = REPORT_FIELDS
  return readEventChange(message)?.some(({ field }) => reportFields.includes(field)) ?? true
}

/** Turns the indicators of a message or report into occurrences, one for each different pair of type and value. */
function toOccurrences(indicators: Indicator[]): IndicatorOccurrence[] {
  const occurrences = new Map<string, IndicatorOccurrence>()
  for (const { type, value } of indicators) {
    const value_hash = toValueHash(type, value)
    occurrences.set(value_hash, { type, value, value_hash, host: toHost({ type, value }) })
  }
  return [...occurrences.values()]
}

export const toValueHash = (type: IndicatorType, value: string): string => sha256(`${type} ${value}`)

/** Returns the host of a URL or of a mail address. Returns null for other types, or if there is no host. */
function toHost({ type, value }: Pick<Indicator, 'type' | 'value'>): string | null {
  let host: string | undefined
  if (type === 'url') host = URL.parse(value)?.hostname
  if (type === 'email') host = value.split('@')[1]
  return host?.slice(0, MAX_HOST_LENGTH) || null
}
