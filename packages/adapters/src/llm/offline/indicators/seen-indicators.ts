import type { Source } from '@engineer-chat/chat/prompting'
import { isInternalDomain } from '@engineer-chat/chat/rooms'
import type { RecordedText } from '../recorded-texts.ts'
import { extractIndicators, INDICATOR_KINDS, type IndicatorKind, type Indicators } from './extract-indicators.ts'
import { isInternalAddress } from './host-names.ts'
import { createAccountPattern } from './named-values.ts'

/** Holds an indicator with the sources that name it. Its defanged and its normal form are the same indicator. */
export interface SeenIndicator {
  kind: IndicatorKind
  value: string
  /** Holds the ids of the recorded texts that name it. */
  textIds: string[]
  /** `firstAt` and `lastAt` are the ISO times of the first and the last recorded text that names it. */
  firstAt: string
  lastAt: string
  /** Holds the ids of the runbooks and other incidents that name it, too. */
  otherSourceIds: string[]
}

/** Finds the indicators of the record, in the order of appearance. */
export function findSeenIndicators(recordedTexts: RecordedText[], sources: Source[]): SeenIndicator[] {
  const seen = new Map<string, SeenIndicator>()
  for (const recordedText of recordedTexts) addText(seen, recordedText)
  addAccounts(seen, recordedTexts)
  const others = sources.filter(({ kind }) => kind === 'document' || kind === 'incident')
  for (const { id, text } of others) {
    for (const { kind, value } of listValues(extractIndicators(text))) {
      const known = seen.get(toKey(kind, value))
      if (known && !known.otherSourceIds.includes(id)) known.otherSourceIds.push(id)
    }
  }
  return [...seen.values()]
}

function addText(seen: Map<string, SeenIndicator>, { id, text, advice = '', writtenAt }: RecordedText): void {
  for (const { kind, value } of listValues(extractIndicators(`${text}\n${advice}`))) {
    addOccurrence(seen, { kind, value, id, writtenAt })
  }
}

interface Occurrence {
  kind: IndicatorKind
  value: string
  id: string
  writtenAt: string
}

function addOccurrence(seen: Map<string, SeenIndicator>, { kind, value, id, writtenAt }: Occurrence): void {
  const key = toKey(kind, value)
  const known = seen.get(key)
  if (!known) {
    seen.set(key, { kind, value, textIds: [id], firstAt: writtenAt, lastAt: writtenAt, otherSourceIds: [] })
    return
  }
  if (!known.textIds.includes(id)) known.textIds.push(id)
  if (writtenAt < known.firstAt) known.firstAt = writtenAt
  if (writtenAt > known.lastAt) known.lastAt = writtenAt
}

/**
 * Adds further occurrences of known accounts. Unless a name has a Windows domain, its first occurrence needs a word
 * such as "account" before it. Further occurrences need none.
 */
function addAccounts(seen: Map<string, SeenIndicator>, recordedTexts: RecordedText[]): void {
  const accounts = [...seen.values()].filter(({ kind }) => kind === 'account')
  if (accounts.length === 0) return
  const pattern = createAccountPattern(accounts.map(({ value }) => value))
  for (const { id, text, advice = '', writtenAt } of recordedTexts) {
    const foundNames = new Set(`${text}\n${advice}`.match(pattern))
    for (const value of foundNames) addOccurrence(seen, { kind: 'account', value, id, writtenAt })
  }
  const positions = new Map(recordedTexts.map(({ id }, index) => [id, index]))
  for (const { textIds } of accounts)
    textIds.sort((one, other) => (positions.get(one) ?? 0) - (positions.get(other) ?? 0))
}

const toKey = (kind: IndicatorKind, value: string): string =>
  `${kind} ${kind === 'account' || kind === 'host' ? value.toLowerCase() : value}`

const listValues = (indicators: Indicators): Array<Pick<SeenIndicator, 'kind' | 'value'>> =>
  INDICATOR_KINDS.flatMap((kind) => indicators[kind].map((value) => ({ kind, value })))

export const isInternal = ({ kind, value }: Pick<SeenIndicator, 'kind' | 'value'>): boolean =>
  ((kind === 'ipv4' || kind === 'ipv6') && isInternalAddress(value)) || (kind === 'domain' && isInternalDomain(value))
