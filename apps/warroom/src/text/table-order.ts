export type Direction = 'ascending' | 'descending'

type SortKey = number | bigint | string

/** Compares numbers within words by their value, and ignores the case: `host-9` is before `Host-10`. */
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/**
 * Returns the rows' indexes in the order of one column. Its cells are compared as numbers, IP addresses or times if all
 * of them are of that kind, otherwise as text. Empty cells come last in both directions, and equal cells keep their
 * order.
 */
export function orderRows(cells: readonly string[], direction: Direction): number[] {
  const texts = cells.map((cell) => cell.trim())
  const filledCells = texts.flatMap((text, index) => (meansEmpty(text) ? [] : [{ text, index }]))
  const readKey = KEY_READERS.find((reader) => filledCells.every(({ text }) => reader(text) !== undefined))
  const keyedCells = filledCells.map(({ text, index }) => ({ index, key: readKey?.(text) ?? text }))
  const sign = direction === 'ascending' ? 1 : -1
  keyedCells.sort((a, b) => sign * compareKeys(a.key, b.key))
  const emptyCellIndexes = texts.flatMap((text, index) => (meansEmpty(text) ? [index] : []))
  return [...keyedCells.map(({ index }) => index), ...emptyCellIndexes]
}

/** A dash alone stands for an empty cell. */
const meansEmpty = (text: string) => text === '' || text === '-' || text === '–' || text === '—'

function compareKeys(a: SortKey, b: SortKey): number {
  if (typeof a === 'string' || typeof b === 'string') return collator.compare(String(a), String(b))
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Matches a number such as `-12`, `1,234.5` or `20 %`. */
const NUMBER = /^[-+−]?(?:\d{1,3}(?:,\d{3}){1,10}|\d{1,30})(?:\.\d{1,30})?(?: ?%)?$/

function readNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined
  return Number(text.replace('−', '-').replace(/[,% ]/g, ''))
}

/** A longer cell is no address: a defanged IPv6 address with its brackets and its port has at most 63 characters. */
const MAX_ADDRESS_CHARACTERS = 63
/** There are this many IPv4 addresses. It is added to each IPv6 address, so that these are sorted after them. */
const IPV4_COUNT = 1n << 32n

/** Matches an IPv4 address, and its port or prefix length. */
const IPV4 = /^((?:\d{1,3}\.){3}\d{1,3})(?:[:/](\d{1,5}))?$/
/** Matches an IPv6 address, and its prefix length. */
const IPV6 = /^([\da-f:]{2,39})(?:\/(\d{1,3}))?$/i
/** Matches an IPv6 address in brackets, and its port. */
const IPV6_IN_BRACKETS = /^\[([\da-f:]{2,39})\](?::(\d{1,5}))?$/i

/**
 * Reads an IPv4 or IPv6 address, which may be defanged and may have a port or a prefix length. An IPv6 address with a
 * port is in brackets. IPv4 addresses are sorted before IPv6 addresses.
 */
function readAddress(text: string): bigint | undefined {
  if (text.length > MAX_ADDRESS_CHARACTERS) return undefined
  const refanged = text.replaceAll('[.]', '.').replaceAll('[:]', ':')
  const [, ipv4, ipv4Number] = IPV4.exec(refanged) ?? []
  if (ipv4 !== undefined) return appendNumber(joinParts(ipv4.split('.'), 4, 8, 10), ipv4Number)
  const [, ipv6, ipv6Number] = IPV6.exec(refanged) ?? IPV6_IN_BRACKETS.exec(refanged) ?? []
  if (ipv6 === undefined) return undefined
  const address = joinParts(expandColons(ipv6), 8, 16, 16)
  return address === undefined ? undefined : appendNumber(address + IPV4_COUNT, ipv6Number)
}

/**
 * Appends a port or a prefix length to an address, so that equal addresses are sorted by it. An address without one
 * gets 0, and comes first. 17 bits hold any number of five digits.
 */
const appendNumber = (address: bigint | undefined, portOrPrefix?: string): bigint | undefined =>
  address === undefined ? undefined : (address << 17n) + BigInt(portOrPrefix ? Number(portOrPrefix) + 1 : 0)

/** Joins the parts of an address to one number. Returns undefined if their count or one of their values is wrong. */
function joinParts(parts: string[], expectedCount: number, bitsPerPart: number, radix: number): bigint | undefined {
  if (parts.length !== expectedCount) return undefined
  let address = 0n
  for (const part of parts) {
    const number = Number.parseInt(part, radix)
    if (part.length > 4 || Number.isNaN(number) || number >= 2 ** bitsPerPart) return undefined
    address = (address << BigInt(bitsPerPart)) + BigInt(number)
  }
  return address
}

/**
 * Splits an IPv6 address, and replaces `::` by the zeros that are left out. Returns no parts, which `joinParts` refuses,
 * for a text with two `::` or with one that leaves nothing out.
 */
function expandColons(text: string): string[] {
  const [textBefore = '', textAfter, textAfterSecond] = text.split('::')
  const partsBefore = textBefore === '' ? [] : textBefore.split(':')
  if (textAfter === undefined) return partsBefore
  if (textAfterSecond !== undefined) return []
  const partsAfter = textAfter === '' ? [] : textAfter.split(':')
  const zeroCount = 8 - partsBefore.length - partsAfter.length
  if (zeroCount < 1) return []
  return [...partsBefore, ...Array.from({ length: zeroCount }, () => '0'), ...partsAfter]
}

/** Matches a time such as `14:05` or `14:05:09.123`. */
const TIME_OF_DAY = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?$/
/** Matches a date with or without a time: `2026-03-03`, `2026-03-03 14:05 UTC` or `2026-03-03T14:05:09+0100`. */
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?$/

/**
 * Reads a date, a time with a date, or a time of day. A time without a zone counts as UTC, like the product's times.
 * Returns seconds since midnight for a time of day, and milliseconds since 1970 for the others. In a column with both,
 * times of day are sorted before all dates after 1970-01-01.
 */
function readTime(text: string): number | undefined {
  const timeOfDay = TIME_OF_DAY.exec(text)
  if (timeOfDay) return Number(timeOfDay[1]) * 3_600 + Number(timeOfDay[2]) * 60 + Number(timeOfDay[3] ?? 0)
  if (!DATE.test(text)) return undefined
  // Converts `2026-03-03 14:05 +0100` to `2026-03-03T14:05+01:00`.
  const iso = text
    .replace(/^(.{10}) (?=\d)/, '$1T')
    .replace(/ ?(UTC|Z)$/, 'Z')
    .replace(' ', '')
    .replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
  // `Date.parse` reads a date alone as UTC, but a time without a zone as local time.
  const needsZone = iso.length > 10 && !/(?:Z|[+-]\d{2}:\d{2})$/.test(iso)
  const timeMs = Date.parse(needsZone ? `${iso}Z` : iso)
  return Number.isNaN(timeMs) ? undefined : timeMs
}

/** Lists the kinds of cells in the order in which they are tried. */
const KEY_READERS: ((text: string) => SortKey | undefined)[] = [readNumber, readAddress, readTime]
