import { findIndicators } from '../rooms/index.ts'
import { listIndicatorTerms } from './indicator-terms.ts'
import { stemWord } from './stem-word.ts'
import { isEnglishStopWord, removeChineseStopWords } from './stop-words.ts'

/** At most this many UTF-16 code units of a text are read, from its beginning. */
const MAX_READ_CODE_UNITS = 64 * 1024
/**
 * At most this many different terms of an entry are stored: those of its indicators, then the first ones of its words.
 */
const MAX_TERMS = 1_000
/** A query has at most this many different terms. The terms of its indicators come first. */
export const MAX_QUERY_TERMS = 32
/** A term is counted at most this often in an entry, so that its count fits six bits. More would change little. */
export const MAX_FREQUENCY = 63

/** Describes a text as the index stores it. */
export interface IndexedText {
  /** Maps each term to the number of times that it occurs, at most `MAX_FREQUENCY`. */
  terms: Map<string, number>
  /** Is the sum of the numbers in `terms`. */
  length: number
}

/** Matches a Chinese or Japanese character. People write these scripts without blanks between words. */
const CJK = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}`
/** These characters join the parts of a name: `srv-db-01`, `C:\Temp\a.exe`, `Get-ADUser`, `10:22:31`. */
const JOINERS = String.raw`._\-\/\\:@$+#~%`
/** Matches a run of `CJK` characters, such as `横向移动`, or a word or name in other scripts, such as `srv-db-01`. */
const TOKEN = new RegExp(String.raw`[${CJK}]+|[[\p{L}\p{N}\p{M}${JOINERS}]--[${CJK}]]+`, 'gv')
const BEGINS_WITH_CJK = new RegExp(`^[${CJK}]`, 'v')
const ONE_JOINER = new RegExp(`^[${JOINERS}]$`, 'v')
const JOINER_RUN = new RegExp(`[${JOINERS}]+`, 'v')

/** Lists the terms of a text for the index. Takes linear time. */
export function indexText(text: string): IndexedText {
  const terms = new Map<string, number>()
  let length = 0
  for (const term of listTerms(text)) {
    const frequency = terms.get(term) ?? 0
    if (frequency === MAX_FREQUENCY || (frequency === 0 && terms.size >= MAX_TERMS)) continue
    terms.set(term, frequency + 1)
    length += 1
  }
  return { terms, length }
}

/**
 * Lists the different terms of a query. Words such as "what" and "of" are left out if the query has other words. The
 * terms of its indicators come first, because they say most about its subject.
 */
export function listQueryTerms(text: string): string[] {
  const subjectTerms = listSubjectTerms(text)
  return subjectTerms.length > 0 ? subjectTerms : takeQueryTerms(listTerms(text))
}

/** Lists the terms of a query that say something about its subject. "Why?" has none. */
export function listSubjectTerms(text: string): string[] {
  const { indicators, otherText } = splitText(text)
  const wordTerms = listWordTerms(removeChineseStopWords(otherText), isEnglishStopWord)
  return takeQueryTerms([...indicators.flatMap(listIndicatorTerms), ...wordTerms])
}

const takeQueryTerms = (terms: Iterable<string>): string[] => [...new Set(terms)].slice(0, MAX_QUERY_TERMS)

/**
 * Yields the terms of a text, each as often as it occurs: first the terms of its indicators, then the stems of its
 * words, its names and their parts, and pairs of Chinese or Japanese characters.
 */
export function* listTerms(text: string): Generator<string> {
  const { indicators, otherText } = splitText(text)
  for (const indicator of indicators) yield* listIndicatorTerms(indicator)
  yield* listWordTerms(otherText)
}

/** Separates the indicators of a text from its other text, so that the parts of an indicator do not become words. */
function splitText(text: string) {
  const beginning = text.slice(0, MAX_READ_CODE_UNITS)
  const indicators = [...findIndicators(beginning)]
  const textsBetween: string[] = []
  let lastEnd = 0
  for (const { start, end } of indicators) {
    textsBetween.push(beginning.slice(lastEnd, start))
    lastEnd = end
  }
  textsBetween.push(beginning.slice(lastEnd))
  return { indicators, otherText: textsBetween.join(' ') }
}

/** Yields the terms of a text without indicators. Leaves out the words for which `isLeftOut` returns true. */
function* listWordTerms(text: string, isLeftOut = (_word: string): boolean => false): Generator<string> {
  for (const [token] of text.normalize('NFKC').toLowerCase().matchAll(TOKEN)) {
    if (BEGINS_WITH_CJK.test(token)) yield* listPairs(token)
    else yield* listNameTerms(token, isLeftOut)
  }
}

/**
 * Returns true if a term is a pair of Chinese or Japanese characters, or a single one that stood alone. A pair need not
 * be a word.
 */
export const isCjkTerm = (term: string): boolean => BEGINS_WITH_CJK.test(term)

/**
 * Yields each pair of neighbouring characters, or the only character. The run is not split into words, because no
 * dictionary has the words of security engineers.
 */
function* listPairs(run: string): Generator<string> {
  const characters = [...run]
  if (characters.length === 1) yield run
  for (let index = 1; index < characters.length; index += 1) yield `${characters[index - 1]}${characters[index]}`
}

/** Matches a part of one or two digits, such as the `01` of `srv-db-01`. It is in too many names to say anything. */
const SHORT_NUMBER = /^\d{1,2}$/

/**
 * Yields the stem of a token that is one word. Of a token with several parts, yields the whole name, the stem of each
 * part that is a word, and the name after the last slash if that has several parts itself.
 */
function* listNameTerms(token: string, isLeftOut: (word: string) => boolean): Generator<string> {
  const name = trimJoiners(token)
  const parts = name.split(JOINER_RUN)
  if (parts.length === 1) {
    if (isWord(name) && !isLeftOut(name)) yield stemWord(name)
    return
  }
  yield name
  const fileName = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  if (fileName !== name && JOINER_RUN.test(fileName)) yield fileName
  for (const part of parts) {
    if (isWord(part) && !SHORT_NUMBER.test(part) && !isLeftOut(part)) yield stemWord(part)
  }
}

/**
 * Removes the joiners at both ends. A regular expression for the end would try to match at each joiner of the token,
 * which takes quadratic time.
 */
function trimJoiners(token: string): string {
  let [start, end] = [0, token.length]
  while (start < end && ONE_JOINER.test(token.charAt(start))) start += 1
  while (end > start && ONE_JOINER.test(token.charAt(end - 1))) end -= 1
  return token.slice(start, end)
}

/**
 * Returns false for a single Latin letter, because it is the rest of a word such as `didn't`. A number counts as a
 * word.
 */
const isWord = (part: string): boolean => part !== '' && !/^[a-z]$/.test(part)
