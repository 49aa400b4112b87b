import { createSeededRandom } from './seeded-random.ts'

const DIGITS = '0123456789'
const LOWER = 'abcdefghijklmnopqrstuvwxyz'
/** `upper` is the alphabet of Base32; `lower` and the alphabet without a name have digits, too. */
const ALPHABETS: Record<string, string> = {
  '': LOWER.toUpperCase() + LOWER + DIGITS,
  hex: `${DIGITS}abcdef`,
  HEX: `${DIGITS}ABCDEF`,
  upper: `${LOWER.toUpperCase()}234567`,
  lower: LOWER + DIGITS,
  digit: DIGITS,
  base64: `${LOWER.toUpperCase()}${LOWER}${DIGITS}+/`,
  word: `${LOWER.toUpperCase()}${LOWER}${DIGITS}_`,
  wif: '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz',
}

/** Matches a part such as `{hex 32}`. */
const PART = /\{(|hex|HEX|upper|lower|digit|base64|word|wif) ?(\d{1,4})\}/g

/**
 * Builds at run time a text that looks like a secret, so that no scanner takes the repository's own files for a leak.
 * It drops `·` (`ghp·_`), and turns `{36}` or `{hex 32}` into 36 or 32 characters, which are the same in each run.
 */
export function expandTemplate(template: string): string {
  const random = createSeededRandom(template.length)
  return template
    .replaceAll('·', '')
    .replace(PART, (_, alphabet: string, length: string) => random.text(Number(length), ALPHABETS[alphabet] ?? DIGITS))
}

/** Holds a text without the marks « and », and the secrets between them, which must not leave the product. */
export interface SecretSample {
  text: string
  secrets: string[]
}

export function createSecretSample(template: string): SecretSample {
  const expanded = expandTemplate(template)
  return {
    text: expanded.replace(/[«»]/g, ''),
    secrets: [...expanded.matchAll(/«([^»]*)»/g)].map(([, secret]) => secret ?? ''),
  }
}
