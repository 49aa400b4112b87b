/** Holds a number of a JSON text whose digits JavaScript would write in another way: 12345678901234567890, 1.10. */
export class WrittenNumber {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }

  /**
   * Returns the number if its value is exact, otherwise its digits as a text, because a reader that parses JSON numbers
   * as doubles would lose them.
   */
  get value(): number | string {
    const number = Number(this.source)
    return readDigits(String(number)) === readDigits(this.source) ? number : this.source
  }

  toJSON(): number | string {
    return this.value
  }
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i

/**
 * Returns the sign, the digits and the power of ten, which are equal for all notations of a number; undefined for
 * text that is not a number.
 */
function readDigits(text: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? []
  const all = whole + fraction
  const first = findFirstDigit(all)
  if (first === all.length) return whole === '' ? undefined : '0'
  const last = findLastDigit(all)
  return `${sign}${all.slice(first, last + 1)}e${Number(power) - fraction.length + (all.length - 1 - last)}`
}

function findFirstDigit(digits: string): number {
  let index = 0
  while (digits[index] === '0') index += 1
  return index
}

function findLastDigit(digits: string): number {
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
