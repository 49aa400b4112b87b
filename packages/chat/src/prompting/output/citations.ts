import {
  type Citation,
  createCitationMatcher,
  createCitationPattern,
  removeCitationMarks,
} from '@engineer-chat/protocol'
import { ID_PREFIXES, type Source } from '../sources/list-sources.ts'
import { transformOutsideCode } from './code.ts'

/** Matches an id, also one that is marked as unsupported: `ev2`, `sum9?`. */
const ID = `(?:${[...new Set(Object.values(ID_PREFIXES))].join('|')})\\d{1,3}\\??`
const MARKS = new RegExp(createCitationPattern(ID), 'gi')
const ONE_MARK = new RegExp(createCitationPattern(ID), 'i')
const IDS = new RegExp(ID, 'gi')
const WHOLE_ID = new RegExp(`^${ID}$`, 'i')

/**
 * Lists each citation of the answer once. An id without a source is marked as unsupported, in the text (`[ev9?]`) and
 * in the list. The sources hold only what the asker may read, so nothing else can be cited.
 */
export function extractCitations(text: string, sources: Source[]): { text: string; citations: Citation[] } {
  const sourcesById = new Map(sources.map((source) => [source.id, source]))
  const citations = new Map<string, Citation>()
  const checkId = (written: string): string => {
    const isMarkedUnsupported = written.endsWith('?')
    const id = written.toLowerCase().replace('?', '')
    const source = sourcesById.get(id)
    if (source) {
      // The model itself doubts `[ev1?]`, so that mark is no citation, although its source exists.
      if (!isMarkedUnsupported) citations.set(id, toCitation(source))
      return written
    }
    // `[EV9]` in upper case without a source may be a technical abbreviation, so it stays as it is.
    if (!written.startsWith(id)) return written
    citations.set(id, { id, label: '', supported: false })
    return `${id}?`
  }
  const marked = transformProse(text, (prose) => prose.replace(MARKS, (group) => group.replace(IDS, checkId)))
  return { text: marked, citations: [...citations.values()] }
}

/** Returns true if the text has a citation outside of code, even if its source does not exist. */
export function hasCitation(text: string): boolean {
  let isFound = false
  transformProse(text, (prose) => {
    isFound ||= ONE_MARK.test(prose)
    return prose
  })
  return isFound
}

/** Returns an earlier answer for a prompt, without marks that look like citations of this prompt's sources. */
export function removeCitations(answer: string, citations: readonly Citation[] = []): string {
  const isCited = createCitationMatcher(citations)
  return transformProse(answer, (prose) => removeCitationMarks(prose, (id) => WHOLE_ID.test(id) || isCited(id)))
}

/** Applies a change outside of code, because a mark in code is no citation. A text without brackets has no mark. */
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
