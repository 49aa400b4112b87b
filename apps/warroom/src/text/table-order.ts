export type Direction = 'ascending' | 'descending'

type SortKey = number | bigint | string

/** Compares words as people count: `host-9` is before `host-10`, whatever the case. */
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/**
 * Returns the rows' places in the order of one column: as numbers, IP addresses or times if each of its cells is one,
 * else as text. Empty cells stand at the end in both directions, and equal ones keep their order.
 */
export function orderRows(cells: readonly string[], direction: Direction): number[] {
  const texts = cells.map((cell) => cell.trim())
  const filled = texts.flatMap((text, index) => (isEmpty(text) ? [] : [{ text, index }]))
  const read = READERS.find((reader) => filled.every(({ text }) => reader(text) !== undefined))
  const keyed = filled.map(({ text, index }) => ({ index, key: read?.(text) ?? text }))
  const sign = direction === 'ascending' ? 1 : -1
  keyed.sort((a, b) => sign * compareKeys(a.key, b.key))
  const empty = texts.flatMap((text, index) => (isEmpty(text) ? [index] : []))
  return [...keyed.map(({ index }) => index), ...empty]
}

const isEmpty = (text: string) => text === '' || text === '-' || text === '–' || text === '—'

function compareKeys(a: SortKey, b: SortKey): number {
  if (typeof a === 'string' || typeof b === 'string') return collator.compare(String(a), String(b))
  return a < b ? -1 : a > b ? 1 : 0
}

const NUMBER = /^[-+−]?(?:\d{1,3}(?:,\d{3}){1,10}|\d{1,30})(?:\.\d{1,30})?(?: ?%)?$/

function readNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined
  return Number(text.replace('−', '-').replace(/[,% ]/g, ''))
}

/** Reads an address of IPv4 or IPv6, also a defanged one, with a port or the length of its prefix. IPv4 is first. */
function readAddress(text: string): bigint | undefined {
  if (text.length > 60) return undefined
  const plain = text.replaceAll('[.]', '.').replaceAll('[:]', ':')
  const [, four, rest = ''] = /^((?:\d{1,3}\.){3}\d{1,3})(?:[:/](\d{1,5}))?$/.exec(plain) ?? []
  if (four !== undefined) return withRest(joinParts(four.split('.'), 4, 8, 10), rest)
  const [, six, prefix = ''] = /^([\da-f:]{2,39})(?:\/(\d{1,3}))?$/i.exec(plain) ?? []
  if (six === undefined) return undefined
  const value = joinParts(expandColons(six), 8, 16, 16)
  return value === undefined ? undefined : withRest(value + (1n << 32n), prefix)
}

const withRest = (value: bigint | undefined, rest: string): bigint | undefined =>
  value === undefined ? undefined : (value << 17n) + BigInt(rest === '' ? 0 : Number(rest) + 1)

function joinParts(parts: string[], count: number, bits: number, radix: number): bigint | undefined {
  if (parts.length !== count) return undefined
  let value = 0n
  for (const part of parts) {
    const number = Number.parseInt(part, radix)
    if (part.length > 4 || !(number < 2 ** bits)) return undefined
    value = (value << BigInt(bits)) + BigInt(number)
  }
  return value
}

function expandColons(text: string): string[] {
  const [before = '', after, more] = text.split('::')
  const left = before === '' ? [] : before.split(':')
  if (after === undefined || more !== undefined) return left
  const right = after === '' ? [] : after.split(':')
  return [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right]
}

const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?$/
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?$/

/** Reads a date, a time with a date, or a time of day. A time without a zone counts as UTC, as the product's clock does. */
function readTime(text: string): number | undefined {
  const clock = CLOCK.exec(text)
  if (clock) return Number(clock[1]) * 3_600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0)
  if (!DATE.test(text)) return undefined
  const iso = text
    .replace(' ', 'T')
    .replace(/ ?(UTC|Z)$/, 'Z')
    .replace(' ', '')
    .replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
  const hasZone = iso.length <= 10 || /(?:Z|[+-]\d{2}:\d{2})$/.test(iso)
  const time = Date.parse(hasZone ? iso : `${iso}Z`)
  return Number.isNaN(time) ? undefined : time
}

const READERS: ((text: string) => SortKey | undefined)[] = [readNumber, readAddress, readTime]
