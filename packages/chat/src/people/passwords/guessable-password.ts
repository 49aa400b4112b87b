const MIN_DIFFERENT_CHARACTERS = 5
/** A password needs this many letters and digits besides the words that attackers try first. */
const MIN_OTHER_CHARACTERS = 8
const MIN_PART_OF_NAME = 3

/** These words are so common that they add nothing to a password, wherever they are in it. */
const WORDS_TRIED_FIRST = [
  ...['administrator', 'admin', 'password', 'passwort', 'qwerty', 'qwertz', 'letmein', 'welcome', 'changeme'],
  ...['engineerchat', 'engineer', 'warroom', '0123456789', '1234567890', '123456789', '12345678'],
]

/**
 * Returns true if attackers try this password among their first guesses, as NIST SP 800-63B asks to check: a common
 * one, the user's name, or the product's, also in other case, reversed, repeated, with digits for letters, or with
 * digits and signs at its ends. The list is loaded at its first use, because few processes ever need it.
 */
export async function isGuessablePassword(password: string, username: string): Promise<boolean> {
  const { isCommonPassword } = await import('./common-passwords.ts')
  const text = password.normalize('NFKC').toLowerCase()
  if (new Set(text).size < MIN_DIFFERENT_CHARACTERS || isSequence(text)) return true
  const name = toLettersAndDigits(username)
  const readings = listReadings(text)
  if (readings.some((reading) => isCommonPassword(reading) || reading === name)) return true
  const known = [...listNames(username), ...WORDS_TRIED_FIRST]
  return listSpellings(text).some((spelling) => countOthers(spelling, known) < MIN_OTHER_CHARACTERS)
}

/** Lists the whole name and its parts, as in `ada.lovelace`, the longest first. */
function listNames(username: string): string[] {
  const names = [toLettersAndDigits(username), ...username.split(/[^a-z0-9]+/)]
  return names.filter((name) => name.length >= MIN_PART_OF_NAME).sort((a, b) => b.length - a.length)
}

/** Counts the letters and digits that remain without the known words, forwards and backwards. */
function countOthers(text: string, known: string[]): number {
  const words = known.flatMap((word) => [word, reverse(word)])
  return words.reduce((rest, word) => rest.replaceAll(word, ''), toLettersAndDigits(text)).length
}

/**
 * Lists the plain texts of which this text may be a variant: without digits and signs at its ends, with letters for
 * digits, with one copy of a repeated part, and reversed.
 */
function listReadings(text: string): string[] {
  const stems = [text, trimStart(text), trimEnd(text), trimEnd(trimStart(text))]
  const readings = stems
    .flatMap(listSpellings)
    .flatMap((reading) => [reading, toLettersAndDigits(reading)])
    .flatMap((reading) => [reading, findRepeated(reading)])
  return [...new Set(readings.flatMap((reading) => [reading, reverse(reading)]))].filter(
    (reading) => reading.length >= MIN_PART_OF_NAME,
  )
}

const listSpellings = (text: string): string[] => [text, ...LEET.map((letters) => readLeet(text, letters))]

/** The sign at each index stands for the letter at the same index in `LEET`. */
const SIGNS_FOR_LETTERS = '01!34@5$7+89'
/** A `1` stands for an `i` or an `l`, so that there are two readings. */
const LEET = ['oiieaassttbg', 'olleaassttbg']

const readLeet = (text: string, letters: string): string =>
  text.replace(/[^a-z]/g, (character) => letters[SIGNS_FOR_LETTERS.indexOf(character)] ?? character)

const toLettersAndDigits = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '')
const reverse = (text: string): string => [...text].reverse().join('')
const isLetter = (character: string): boolean => /\p{L}/u.test(character)

function trimStart(text: string): string {
  const characters = [...text]
  const first = characters.findIndex(isLetter)
  return first === -1 ? text : characters.slice(first).join('')
}

function trimEnd(text: string): string {
  const characters = [...text]
  return characters.slice(0, characters.findLastIndex(isLetter) + 1).join('')
}

/** Returns `dragon` of `dragondragon`: a text that is repeated is found within two copies of itself. */
const findRepeated = (text: string): string => text.slice(0, `${text}${text}`.indexOf(text, 1))

/**
 * Returns true if most characters equal or neighbour the character before them, as in `abcdefghij` and `98765432100`.
 */
function isSequence(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0)
  const neighbours = codes.filter((code, index) => index > 0 && Math.abs(code - (codes[index - 1] ?? 0)) <= 1)
  return neighbours.length > (codes.length * 3) / 4
}
