/** Holds a number as a JSON text writes it, if JavaScript would write it in another way: 12345678901234567890, 1.10. */
export class WrittenNumber {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }

  /**
   * Returns the number if a double holds its exact value. Otherwise it returns the digits as a text, because a reader
   * that parses JSON numbers as doubles would lose some of them.
   */
  get value(): number | string {
    const number = Number(this.source)
    return normalizeNumber(String(number)) === normalizeNumber(this.source) ? number : this.source
  }

  toJSON(): number | string {
    return this.value
  }
}

/** Matches `-12.50e+3` as its sign, its whole part, its fraction and its power of ten. */
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i

/**
 * Returns a text that is the same for all notations of a number: `125e-1` for `12.50` and for `1.25e1`. Returns
 * undefined for a text that is not a number.
 */
function normalizeNumber(text: string): string | undefined {
  const match = NUMBER.exec(text)
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = '', power = '0'] = match
  const digits = whole + fraction
  const first = findFirstNonZero(digits)
  if (first === digits.length) return '0'
  const last = findLastNonZero(digits)
  const trailingZeros = digits.length - 1 - last
  return `${sign}${digits.slice(first, last + 1)}e${Number(power) - fraction.length + trailingZeros}`
}

/** Returns the length of the digits if all of them are zero. */
function findFirstNonZero(digits: string): number {
  let index = 0
  while (digits[index] === '0') index += 1
  return index
}

function findLastNonZero(digits: string): number {
  let index = digits.length - 1
  while (digits[index] === '0') index -= 1
  return index
}

/**
 * Parses JSON. Each number that JavaScript would write in another way becomes a `WrittenNumber`.
 * @throws SyntaxError, RangeError as JSON.parse does
 */
export function parseKeepingDigits(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) => {
    const source = context?.source
    return typeof value === 'number' && source !== undefined && String(value) !== source
      ? new WrittenNumber(source)
      : value
  })
}

/** Replaces each `WrittenNumber` in a value by its number or text. */
export function replaceWrittenNumbers(value: unknown): unknown {
  if (value instanceof WrittenNumber) return value.value
  if (Array.isArray(value)) return value.map(replaceWrittenNumbers)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaceWrittenNumbers(inner)]))
}
