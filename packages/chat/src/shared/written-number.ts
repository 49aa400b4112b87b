/**
 * Holds a number of a JSON text in its original notation. It is used for numbers that JavaScript would write in another
 * way, such as 12345678901234567890 or 1.10.
 */
export class WrittenNumber {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }

  /**
   * Returns a number if JavaScript writes it with the same decimal value: 1.1 for `1.10`. Otherwise it returns the
   * source as a text, because a reader that parses JSON numbers as doubles would lose digits.
   */
  get value(): number | string {
    const number = Number(this.source)
    return normalizeNumber(String(number)) === normalizeNumber(this.source) ? number : this.source
  }

  toJSON(): number | string {
    return this.value
  }
}

/** Matches `-12.50e+3` as its sign, its whole part, its fraction and its exponent. */
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i

/**
 * Returns a text that is the same for all notations of a number: `125e-1` for `12.50` and for `1.25e1`. Returns
 * undefined for a text that is not a number.
 */
function normalizeNumber(text: string): string | undefined {
  const match = NUMBER.exec(text)
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const digits = whole + fraction
  const firstIndex = findIndexOfFirstNonZero(digits)
  if (firstIndex === digits.length) return '0'
  const lastIndex = findIndexOfLastNonZero(digits)
  const trailingZeros = digits.length - 1 - lastIndex
  return `${sign}${digits.slice(firstIndex, lastIndex + 1)}e${Number(exponent) - fraction.length + trailingZeros}`
}

/** Returns `digits.length` if all digits are zero. */
function findIndexOfFirstNonZero(digits: string): number {
  let index = 0
  while (digits[index] === '0') index += 1
  return index
}

function findIndexOfLastNonZero(digits: string): number {
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

/** Replaces each `WrittenNumber` in a value by its `value`, a number or a text. */
export function replaceWrittenNumbers(value: unknown): unknown {
  if (value instanceof WrittenNumber) return value.value
  if (Array.isArray(value)) return value.map(replaceWrittenNumbers)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaceWrittenNumbers(inner)]))
}
