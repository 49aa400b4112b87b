import type { Source } from '@engineer-chat/chat/prompting'
import { isInternalDomain } from '@engineer-chat/chat/rooms'
import type { Passage } from '../passages.ts'
import { extractIndicators, type Indicators, KINDS, type Kind } from './extract-indicators.ts'
import { isInternalAddress } from './host-names.ts'

/** Holds an indicator with the sources that name it. Its defanged and its live form count as the same indicator. */
export interface SeenIndicator {
  kind: Kind
  value: string
  /** Cites each passage that names it. */
  ids: string[]
  firstAt: string
  lastAt: string
  /** Cites runbooks and other incidents that name it, too. */
  otherIds: string[]
}

const MAX_KNOWN_ACCOUNTS = 50

/** Finds the indicators of the record, in the order of appearance. */
export function findSeenIndicators(passages: Passage[], sources: Source[]): SeenIndicator[] {
  const seen = new Map<string, SeenIndicator>()
  for (const passage of passages) addPassage(seen, passage)
  addAccounts(seen, passages)
  const others = sources.filter(({ kind }) => kind === 'document' || kind === 'incident')
  for (const { id, text } of others) {
    for (const { kind, value } of listValues(extractIndicators(text))) {
      const known = seen.get(toKey(kind, value))
      if (known && !known.otherIds.includes(id)) known.otherIds.push(id)
    }
  }
  return [...seen.values()]
}

function addPassage(seen: Map<string, SeenIndicator>, { id, text, advice = '', writtenAt }: Passage): void {
  for (const { kind, value } of listValues(extractIndicators(`${text}\n${advice}`))) {
    addMention(seen, { kind, value, id, writtenAt })
  }
}

interface Mention {
  kind: Kind
  value: string
  id: string
  writtenAt: string
}

function addMention(seen: Map<string, SeenIndicator>, { kind, value, id, writtenAt }: Mention): void {
  const key = toKey(kind, value)
  const known = seen.get(key)
  if (!known) {
    seen.set(key, { kind, value, ids: [id], firstAt: writtenAt, lastAt: writtenAt, otherIds: [] })
    return
  }
  if (!known.ids.includes(id)) known.ids.push(id)
  if (writtenAt < known.firstAt) known.firstAt = writtenAt
  if (writtenAt > known.lastAt) known.lastAt = writtenAt
}

/**
 * Adds further mentions of known accounts. The first mention needs the word "account" or "user" before the name, the
 * further ones do not.
 */
function addAccounts(seen: Map<string, SeenIndicator>, passages: Passage[]): void {
  const accounts = [...seen.values()].filter(({ kind }) => kind === 'account').slice(0, MAX_KNOWN_ACCOUNTS)
  if (accounts.length === 0) return
  const anyName = accounts.map(({ value }) => RegExp.escape(value)).join('|')
  const pattern = new RegExp(String.raw`(?<![\w.@\\-])(?:${anyName})(?![\w@-]|\.\w)`, 'gi')
  for (const { id, text, advice = '', writtenAt } of passages) {
    const mentionedNames = new Set(`${text}\n${advice}`.match(pattern))
    for (const value of mentionedNames) addMention(seen, { kind: 'account', value, id, writtenAt })
  }
  const positions = new Map(passages.map(({ id }, index) => [id, index]))
  for (const { ids } of accounts) ids.sort((one, other) => (positions.get(one) ?? 0) - (positions.get(other) ?? 0))
}

const toKey = (kind: Kind, value: string): string =>
  `${kind} ${kind === 'account' || kind === 'host' ? value.toLowerCase() : value}`

const listValues = (indicators: Indicators): Array<Pick<SeenIndicator, 'kind' | 'value'>> =>
  KINDS.flatMap((kind) => indicators[kind].map((value) => ({ kind, value })))

export const isInternal = ({ kind, value }: Pick<SeenIndicator, 'kind' | 'value'>): boolean =>
  ((kind === 'ipv4' || kind === 'ipv6') && isInternalAddress(value)) || (kind === 'domain' && isInternalDomain(value))
