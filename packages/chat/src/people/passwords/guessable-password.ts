const MIN_DIFFERENT_CHARACTERS = 5
/** A password needs this many letters and digits besides the words that attackers try first. */
const MIN_OTHER_CHARACTERS = 8
/** Shorter words are ignored, because many passwords contain them by chance. */
const MIN_WORD_CHARACTERS = 3

/**
 * These words are so common that they make a password no safer, wherever they are in it. They are removed in this
 * order, so a word is before the words that it contains.
 */
const WORDS_TRIED_FIRST = [
  ...['administrator', 'admin', 'password', 'passwort', 'qwerty', 'qwertz', 'letmein', 'welcome', 'changeme'],
  ...['engineerchat', 'engineer', 'warroom', '0123456789', '1234567890', '123456789', '12345678'],
]

/**
 * Returns true if attackers try this password among their first guesses, as NIST SP 800-63B asks to check. They try
 * sequences, common passwords and the names of the user and the product, also in other case, reversed, repeated, with
 * digits for letters, or with digits and signs at the ends. The list of common passwords is loaded at its first use,
 * because few processes need it.
 */
export async function isGuessablePassword(password: string, username: string): Promise<boolean> {
  const { isCommonPassword } = await import('./common-passwords.ts')
  const text = password.normalize('NFKC').toLowerCase()
  if (new Set(text).size < MIN_DIFFERENT_CHARACTERS || isSequence(text)) return true
  const name = toLettersAndDigits(username)
  const plainTexts = listPlainTexts(text)
  if (plainTexts.some((plainText) => isCommonPassword(plainText) || plainText === name)) return true
  const knownWords = [...listNames(username), ...WORDS_TRIED_FIRST]
  return listSpellings(text).some((spelling) => countOtherCharacters(spelling, knownWords) < MIN_OTHER_CHARACTERS)
}

/** Lists the whole name and its parts, as in `ada.lovelace`, the longest first. */
function listNames(username: string): string[] {
  const names = [toLettersAndDigits(username), ...username.split(/[^a-z0-9]+/)]
  return names.filter((name) => name.length >= MIN_WORD_CHARACTERS).sort((a, b) => b.length - a.length)
}

/** Counts the letters and digits that remain after the known words, also reversed ones, are removed. */
function countOtherCharacters(text: string, knownWords: string[]): number {
  let remaining = toLettersAndDigits(text)
  for (const word of knownWords.flatMap((known) => [known, reverse(known)])) remaining = remaining.replaceAll(word, '')
  return remaining.length
}

/**
 * Undoes the usual variations of a plain text: it lists the text without digits and signs at its ends, with letters
 * for digits, with only one copy of a repeated part, and reversed.
 */
function listPlainTexts(text: string): string[] {
  const textToLastLetter = removeAfterLastLetter(text)
  const stems = [text, removeBeforeFirstLetter(text), textToLastLetter, removeBeforeFirstLetter(textToLastLetter)]
  const plainTexts = stems
    .flatMap(listSpellings)
    .flatMap((plainText) => [plainText, toLettersAndDigits(plainText)])
    .flatMap((plainText) => [plainText, findRepeatedPart(plainText)])
    .flatMap((plainText) => [plainText, reverse(plainText)])
  return [...new Set(plainTexts)].filter((plainText) => plainText.length >= MIN_WORD_CHARACTERS)
}

/** Lists the text itself, and the text with letters for digits and signs: `p4ssw0rd`, `password`. */
const listSpellings = (text: string): string[] => [
  text,
  ...LETTERS_FOR_SIGNS.map((letters) => replaceSigns(text, letters)),
]

/** The sign at each index stands for the letter at the same index in `LETTERS_FOR_SIGNS`. */
const SIGNS_FOR_LETTERS = '01!34@5$7+89'
/** A `1` or `!` stands for an `i` or an `l`, so there are two lists. */
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
 * Returns `dragon` for `dragondragon`, and a text without repetition as it is. In two joined copies, the text begins
 * again after one repeated part, or else after the first copy.
 */
const findRepeatedPart = (text: string): string => text.slice(0, `${text}${text}`.indexOf(text, 1))

/**
 * Returns true if more than three quarters of the characters are the same as the previous one or next to it in
 * Unicode, as in `abcdefghij` and `98765432100`.
 */
function isSequence(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0)
  const neighbours = codes.filter((code, index) => index > 0 && Math.abs(code - (codes[index - 1] ?? 0)) <= 1)
  return neighbours.length > (codes.length * 3) / 4
}
