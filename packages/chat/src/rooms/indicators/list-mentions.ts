import { type Indicator, type IndicatorType, isEventChange, readEventChange } from '@engineer-chat/protocol'
import { type StoredMessage, sha256 } from '../../shared/index.ts'
import { listIndicators } from './add-indicators.ts'
import type { EventReport, IndicatorMention, IndicatorRules } from './indicator-store.ts'

/**
 * A message is sent with at most 2 KiB of indicators, but a search must not miss the others. This size holds some
 * hundred indicators.
 */
const MAX_BYTES = 64 * 1024
const MAX_HOST_LENGTH = 255

const REPORT_FIELDS = ['event_name', 'message', 'context'] as const satisfies Array<keyof EventReport>

export const INDICATOR_RULES: IndicatorRules = {
  listMentions: ({ message }) => toMentions(listIndicators(message.message_content, MAX_BYTES)),
  // Each field is read separately, so that a long context does not use up the limit of the report's text.
  listReportMentions: (report) =>
    toMentions(REPORT_FIELDS.flatMap((field) => listIndicators({ content: report[field] }, MAX_BYTES))),
  isReportChange,
}

/** A change that this version cannot read may have rewritten the report. */
function isReportChange({ message }: StoredMessage): boolean {
  const names: readonly string[] = REPORT_FIELDS
  return isEventChange(message) && (readEventChange(message)?.some(({ field }) => names.includes(field)) ?? true)
}

/** Makes rows of the table, one for each value. */
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
  const host = type === 'url' ? URL.parse(value)?.hostname : type === 'email' ? value.split('@')[1] : undefined
  return host?.slice(0, MAX_HOST_LENGTH) || null
}
