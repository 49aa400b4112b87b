import { type Indicator, type IndicatorType, isEventChange, readEventChange } from '@engineer-chat/protocol'
import { type StoredMessage, sha256 } from '../../shared/index.ts'
import { listIndicators } from './add-indicators.ts'
import type { EventReport, IndicatorMention, IndicatorRules } from './indicator-store.ts'

/**
 * Limits the indicators that are stored of a message. The message is sent with at most 2 KiB of indicators, but a
 * search must also find the others. 64 KiB hold several hundred indicators.
 */
const MAX_SEARCHABLE_BYTES = 64 * 1024
/** The column of the host holds at most this many characters. */
const MAX_HOST_LENGTH = 255

const REPORT_FIELDS = ['event_name', 'message', 'context'] as const satisfies Array<keyof EventReport>

export const INDICATOR_RULES: IndicatorRules = {
  listMentions: ({ message }) => toMentions(listIndicators(message.message_content, MAX_SEARCHABLE_BYTES)),
  // Each field has the whole limit, so that a long context leaves room for the indicators of the other fields.
  listReportMentions: (report) =>
    toMentions(REPORT_FIELDS.flatMap((field) => listIndicators({ content: report[field] }, MAX_SEARCHABLE_BYTES))),
  isReportChange,
}

/** Returns true also for a change that this version cannot read, because it may have rewritten the report. */
function isReportChange({ message }: StoredMessage): boolean {
  if (!isEventChange(message)) return false
  const reportFields: readonly string[] = REPORT_FIELDS
  return readEventChange(message)?.some(({ field }) => reportFields.includes(field)) ?? true
}

/** Turns indicators into rows of the table of indicators, one row for each different value. */
function toMentions(indicators: Indicator[]): IndicatorMention[] {
  const mentions = new Map<string, IndicatorMention>()
  for (const { type, value } of indicators) {
    const value_hash = toValueHash(type, value)
    mentions.set(value_hash, { type, value, value_hash, host: readHost({ type, value }) })
  }
  return [...mentions.values()]
}

export const toValueHash = (type: IndicatorType, value: string): string => sha256(`${type} ${value}`)

function readHost({ type, value }: Pick<Indicator, 'type' | 'value'>): string | null {
  let host: string | undefined
  if (type === 'url') host = URL.parse(value)?.hostname
  if (type === 'email') host = value.split('@')[1]
  return host?.slice(0, MAX_HOST_LENGTH) || null
}
