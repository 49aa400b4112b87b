import type { Citation } from './answers.ts'

const ID = '[a-z]{1,3}\\d{1,3}\\??'
const SEPARATOR = '\\s{0,9}[,，;；、]\\s{0,9}'

/**
 * Returns the source of a regular expression for a mark of one or more ids: `[ev1]`, `[ev1, sum2；msg3]`, `【ev1】`.
 * Brackets before `(` are a link's text and no mark.
 */
export const createCitationPattern = (id: string): string => `[[【［]${id}(?:${SEPARATOR}${id})*[\\]】］](?!\\()`

/** Matches the marks of this version and of older ones (`[E1]`), with one blank before them. */
const ANY_CITATION = new RegExp(`[ \\t]?${createCitationPattern(ID)}`, 'gi')
const ANY_ID = new RegExp(ID, 'gi')
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u

/**
 * Removes the marks whose ids `isCitation` accepts from a text without code. An id without a source ends with `?`,
 * which `isCitation` does not get.
 */
export const removeCitationMarks = (prose: string, isCitation: (id: string) => boolean): string =>
  prose.replace(ANY_CITATION, (mark, index: number) => {
    const ids = mark.match(ANY_ID) ?? []
    const others = ids.filter((id) => !isCitation(id.replace('?', '')))
    if (others.length === ids.length) return mark
    const blank = /^[ \t]/.test(mark) ? mark.charAt(0) : ''
    if (others.length > 0) return `${blank}[${others.join(', ')}]`
    return LETTER_OR_DIGIT.test(prose.charAt(index + mark.length)) ? blank : ''
  })

/** Is a stretch of prose: a citation's id as it was written, such as `ev1` or `msg9?`, or other text. */
export interface ProsePiece {
  /** Is an offset in the prose. */
  start: number
  text: string
  /** Is the id without its `?`. */
  id?: string
}

const ANY_MARK = new RegExp(createCitationPattern(ID), 'gi')

/** Splits prose at the marks whose ids `isCitation` accepts. Brackets and separators of such a mark are in no piece. */
export function splitCitationMarks(prose: string, isCitation: (id: string) => boolean): ProsePiece[] {
  const pieces: ProsePiece[] = []
  const addText = (start: number, end: number) => {
    if (end > start) pieces.push({ start, text: prose.slice(start, end) })
  }
  let end = 0
  for (const { 0: mark, index } of prose.matchAll(ANY_MARK)) {
    const ids = [...mark.matchAll(ANY_ID)]
    if (!ids.some(([written]) => isCitation(written.replace('?', '')))) continue
    addText(end, index)
    for (const { 0: written, index: offset } of ids) {
      const id = written.replace('?', '')
      const isKnown = isCitation(id)
      pieces.push({ start: index + offset, text: isKnown ? written : `[${written}]`, ...(isKnown && { id }) })
    }
    end = index + mark.length
  }
  addText(end, prose.length)
  return pieces
}

/**
 * Creates a function that returns true if an answer cites an id. For this version's ids, upper and lower case are
 * equal; older ids match only as they are listed.
 */
export function createCitationMatcher(citations: readonly Citation[]): (id: string) => boolean {
  const ids = new Set(citations.map(({ id }) => id))
  return (id) => ids.has(id) || ids.has(id.toLowerCase())
}
