/** A password needs this many distinct characters. */
const MIN_DISTINCT_CHARACTERS = 5
/** This many letters and digits must remain when the user's names and `WORDS_TRIED_FIRST` are removed. */
const MIN_REMAINING_CHARACTERS = 8
/** Shorter names and plain texts are ignored, because many passwords contain them by chance. */
const MIN_TEXT_CHARACTERS = 3

/**
 * These words are so common that they make a password no safer, at its ends or in its middle. They are removed in the
 * order of this list. So a word must be listed before a shorter word that it contains.
 */
const WORDS_TRIED_FIRST = [
  ...['administrator', 'admin', 'password', 'passwort', 'qwerty', 'qwertz', 'letmein', 'welcome', 'changeme'],
  ...['engineerchat', 'engineer', 'warroom', '0123456789', '1234567890', '123456789', '12345678'],
]

/**
 * Returns true if attackers try this password among their first guesses. NIST SP 800-63B requires this check. Attackers
 * try sequences, common passwords and the names of the user and the product, also in other case, reversed, repeated,
 * with digits for letters, or with digits and signs at the ends. The list of common passwords is loaded at its first
 * use, because few processes need it.
 */
export async function isGuessablePassword(password: string, username: string): Promise<boolean> {
  const { isCommonPassword } = await import('./common-passwords.ts')
  const text = password.normalize('NFKC').toLowerCase()
  if (new Set(text).size < MIN_DISTINCT_CHARACTERS || isSequence(text)) return true
  const name = toLettersAndDigits(username)
  const plainTexts = listPlainTexts(text)
  if (plainTexts.some((plainText) => isCommonPassword(plainText) || plainText === name)) return true
  const knownWords = [...listNames(username), ...WORDS_TRIED_FIRST]
  const remainingCounts = listSpellings(text).map((spelling) => countRemainingCharacters(spelling, knownWords))
  return remainingCounts.some((count) => count < MIN_REMAINING_CHARACTERS)
}

/** Lists the whole name and its parts, the longest first: `adalovelace`, `lovelace` and `ada` for `ada.lovelace`. */
function listNames(username: string): string[] {
  const names = [toLettersAndDigits(username), ...username.split(/[^a-z0-9]+/)]
  return names.filter((name) => name.length >= MIN_TEXT_CHARACTERS).sort((a, b) => b.length - a.length)
}

/** Counts the letters and digits that remain after the known words, also reversed ones, are removed. */
function countRemainingCharacters(text: string, knownWords: string[]): number {
  let remaining = toLettersAndDigits(text)
  for (const word of knownWords.flatMap((known) => [known, reverse(known)])) remaining = remaining.replaceAll(word, '')
  return remaining.length
}

/**
 * Lists the plain texts that a password may be a variation of, by undoing the usual variations: digits and signs at the
 * ends, digits and signs for letters, signs between the letters, a repeated part, and the reversed order.
 */
function listPlainTexts(text: string): string[] {
  const textToLastLetter = removeAfterLastLetter(text)
  const trimmed = [text, removeBeforeFirstLetter(text), textToLastLetter, removeBeforeFirstLetter(textToLastLetter)]
  const plainTexts = trimmed
    .flatMap(listSpellings)
    .flatMap((plainText) => [plainText, toLettersAndDigits(plainText)])
    .flatMap((plainText) => [plainText, findRepeatedPart(plainText)])
    .flatMap((plainText) => [plainText, reverse(plainText)])
  return [...new Set(plainTexts)].filter((plainText) => plainText.length >= MIN_TEXT_CHARACTERS)
}

/** Lists the text itself, and the text with letters for digits and signs: `p4ssw0rd`, `password`. */
const listSpellings = (text: string): string[] => [
  text,
  ...LETTERS_FOR_SIGNS.map((letters) => replaceSigns(text, letters)),
]

/** Each digit or sign stands for the letter at the same index in a text of `LETTERS_FOR_SIGNS`. */
const SIGNS_FOR_LETTERS = '01!34@5$7+89'
/** A `1` or `!` stands for an `i` or an `l`, so there are two texts. */
const LETTERS_FOR_SIGNS = ['oiieaassttbg', 'olleaassttbg']

const replaceSigns = (text: string, letters: string): string =>
  text.replace(/[^a-z]/g, (character) => letters[SIGNS_FOR_LETTERS.indexOf(character)] ?? character)

const toLettersAndDigits = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '')
const reverse = (text: string): string => [...text].reverse().join('')
const isLetter = (character: string): boolean => /\p{L}/u.test(character)

function removeBeforeFirstLetter(text: string): string {
  const characters = [...text]
  const first = characters.findIndex(isLetter)
  return first === -1 ? text : characters.slice(first).join('')
}

function removeAfterLastLetter(text: string): string {
  const characters = [...text]
  return characters.slice(0, characters.findLastIndex(isLetter) + 1).join('')
}

/**
 * Returns `dragon` for `dragondragon`, and the text itself if it repeats no part. It joins two copies of the text and
 * searches the text in them from index 1. The index where it is found is the length of the repeated part, or the
 * length of the whole text.
 */
const findRepeatedPart = (text: string): string => text.slice(0, `${text}${text}`.indexOf(text, 1))

/**
 * Returns true if more than three quarters of the characters have a code point that differs by at most 1 from the code
 * point of the previous character, as in `abcdefghij` and `98765432100`.
 */
function isSequence(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0)
  const neighbours = codes.filter((code, index) => index > 0 && Math.abs(code - (codes[index - 1] ?? 0)) <= 1)
  return neighbours.length > (codes.length * 3) / 4
}
