import {
  type Citation,
  createCitationMatcher,
  createCitationPattern,
  removeCitationMarks,
} from '@engineer-chat/protocol'
import { ID_PREFIXES, type Source } from '../sources/list-sources.ts'
import { transformOutsideCode } from './code.ts'

/** The text of a regular expression for an id, also for an id that is marked as unsupported: `ev2`, `sum9?`. */
const ID_PATTERN = `(?:${[...new Set(Object.values(ID_PREFIXES))].join('|')})\\d{1,3}\\??`
const ANY_MARK = new RegExp(createCitationPattern(ID_PATTERN), 'gi')
const ANY_ID = new RegExp(ID_PATTERN, 'gi')
const WHOLE_ID = new RegExp(`^${ID_PATTERN}$`, 'i')

/**
 * Returns the answer's text and a list that holds each of its citations once. An id without a source is marked as
 * unsupported, in the text (`[ev9?]`) and in the list. The sources hold only what the asker may read, so each supported
 * citation names something that the asker may read.
 */
export function reviewCitations(text: string, sources: Source[]): { text: string; citations: Citation[] } {
  const sourcesById = new Map(sources.map((source) => [source.id, source]))
  const citations = new Map<string, Citation>()
  /** Adds a citation to the list if the id counts as a citation. Returns the id as the text shows it. */
  const recordId = (written: string): string => {
    const isMarkedUnsupported = written.endsWith('?')
    const id = written.toLowerCase().replace('?', '')
    const source = sourcesById.get(id)
    if (source) {
      // The model itself doubts `[ev1?]`, so that mark is no citation, although its source exists.
      if (!isMarkedUnsupported) citations.set(id, toCitation(source))
      return written
    }
    // `[EV9]` has capitals and no source. It may be a technical abbreviation, so it stays as it is.
    const hasCapitals = !written.startsWith(id)
    if (hasCapitals) return written
    citations.set(id, { id, label: '', supported: false })
    return `${id}?`
  }
  const markedText = transformProse(text, (prose) => prose.replace(ANY_MARK, (mark) => mark.replace(ANY_ID, recordId)))
  return { text: markedText, citations: [...citations.values()] }
}

/**
 * Creates a function that returns true if a part of an answer has a citation outside of code. `citations` are those
 * that `reviewCitations` returned with the answer, also those whose source does not exist. No other mark counts: not
 * the term `[EV9]`, and not `[ev1?]`, which the model itself doubts.
 */
export function createCitationCheck(citations: readonly Citation[]): (reviewedText: string) => boolean {
  const citationsById = new Map(citations.map((citation) => [citation.id, citation]))
  const isCitation = (written: string): boolean => {
    const id = written.toLowerCase().replace('?', '')
    const citation = citationsById.get(id)
    if (!citation) return false
    // `reviewCitations` wrote an id without a source as `ev9?`, and left `[EV9]` as it was.
    return citation.supported ? !written.endsWith('?') : written === `${id}?`
  }
  return (reviewedText) => {
    let isFound = false
    transformProse(reviewedText, (prose) => {
      isFound ||= [...prose.matchAll(ANY_MARK)].some(([mark]) => mark.match(ANY_ID)?.some(isCitation))
      return prose
    })
    return isFound
  }
}

/**
 * Removes the citations from an earlier answer before a prompt gets it, because they look like citations of that
 * prompt's sources. `citations` are those of the earlier answer. They also tell which marks of older versions (`[E1]`)
 * are citations.
 */
export function removeCitations(answer: string, citations: readonly Citation[] = []): string {
  const isCited = createCitationMatcher(citations)
  return transformProse(answer, (prose) => removeCitationMarks(prose, (id) => WHOLE_ID.test(id) || isCited(id)))
}

/**
 * Applies a change outside of code, because a mark in code is no citation. A text without brackets has no mark, so it
 * is not parsed.
 */
const transformProse = (text: string, change: (prose: string) => string): string =>
  /[[【［]/.test(text) ? transformOutsideCode(text, change) : text

const toCitation = ({ id, label, message_id, document_id, anchor, event_id }: Source): Citation => ({
  id,
  label,
  ...(message_id !== undefined && { message_id }),
  ...(document_id !== undefined && { document_id }),
  ...(anchor !== undefined && { anchor }),
  ...(event_id !== undefined && { event_id }),
  supported: true,
})
