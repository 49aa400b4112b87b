import type { Citation } from './answers.ts'

/** Matches `ev1`, or `msg9?` for an id without a source. */
const ID = '[a-z]{1,3}\\d{1,3}\\??'
const SEPARATOR = '\\s{0,9}[,，;；、]\\s{0,9}'

/**
 * Returns a regular expression, as text, for a mark of one or more ids: `[ev1]`, `[ev1, sum2；msg3]`, `【ev1】`.
 * Brackets before `(` are the text of a link, not a mark.
 */
export const createCitationPattern = (idPattern: string): string =>
  `[[【［]${idPattern}(?:${SEPARATOR}${idPattern})*[\\]】］](?!\\()`

/** Matches the marks of this version and of older versions (`[E1]`), each with the blank before it if there is one. */
const MARK_WITH_BLANK = new RegExp(`[ \\t]?${createCitationPattern(ID)}`, 'gi')
const ANY_ID = new RegExp(ID, 'gi')
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u

/**
 * Removes from prose, which is text without code, the marks whose ids `isCitation` accepts. `isCitation` gets an id
 * without the `?` at its end, which marks an id that has no source.
 */
export const removeCitationMarks = (prose: string, isCitation: (id: string) => boolean): string =>
  prose.replace(MARK_WITH_BLANK, (mark, index: number) => {
    const ids = mark.match(ANY_ID) ?? []
    const keptIds = ids.filter((id) => !isCitation(id.replace('?', '')))
    if (keptIds.length === ids.length) return mark
    const blank = /^[ \t]/.test(mark) ? mark.charAt(0) : ''
    if (keptIds.length > 0) return `${blank}[${keptIds.join(', ')}]`
    return LETTER_OR_DIGIT.test(prose.charAt(index + mark.length)) ? blank : ''
  })

/** Describes a part of prose: the id of a citation as it was written, such as `ev1` or `msg9?`, or other text. */
export interface ProsePiece {
  /** Is the offset in the prose: of the id alone if `text` is an id in brackets. */
  start: number
  /** Is the offset after the last character, so that `text` may be longer than the part between both. */
  end: number
  text: string
  /** Holds the id of the citation without its `?`; undefined for other text. */
  id?: string
}

const CITATION_MARK = new RegExp(createCitationPattern(ID), 'gi')

/**
 * Splits prose at the marks with an id that `isCitation` accepts. No piece contains the brackets and separators of such
 * a mark. Within it, an id that is not accepted becomes text in its own brackets (`[C2]`).
 */
export function splitCitationMarks(prose: string, isCitation: (id: string) => boolean): ProsePiece[] {
  const pieces: ProsePiece[] = []
  const addText = (start: number, end: number) => {
    if (end > start) pieces.push({ start, end, text: prose.slice(start, end) })
  }
  let end = 0
  for (const { 0: mark, index } of prose.matchAll(CITATION_MARK)) {
    const ids = [...mark.matchAll(ANY_ID)]
    if (!ids.some(([written]) => isCitation(written.replace('?', '')))) continue
    addText(end, index)
    for (const { 0: written, index: offset } of ids) {
      const id = written.replace('?', '')
      const start = index + offset
      const span = { start, end: start + written.length }
      pieces.push(isCitation(id) ? { ...span, text: written, id } : { ...span, text: `[${written}]` })
    }
    end = index + mark.length
  }
  addText(end, prose.length)
  return pieces
}

/**
 * Creates a function that returns true if an answer cites an id. Ids of this version (`ev1`) match in any case; ids of
 * older versions (`E1`) match only in upper case.
 */
export function createCitationMatcher(citations: readonly Citation[]): (id: string) => boolean {
  const ids = new Set(citations.map(({ id }) => id))
  return (id) => ids.has(id) || ids.has(id.toLowerCase())
}
