import {
  type Citation,
  createCitationMatcher,
  createCitationPattern,
  removeCitationMarks,
} from '@engineer-chat/protocol'
import { ID_PREFIXES, type Source } from '../sources/list-sources.ts'
import { transformOutsideCode } from './code.ts'

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
  const known = new Map(sources.map((source) => [source.id, source]))
  const citations = new Map<string, Citation>()
  const check = (written: string): string => {
    const isMarkedUnsupported = written.endsWith('?')
    const id = written.toLowerCase().replace('?', '')
    const found = known.get(id)
    if (found && !isMarkedUnsupported) citations.set(id, toCitation(found))
    // The upper case in `[EV9]` may mean something else in the user's field.
    if (found || !written.startsWith(id)) return written
    citations.set(id, { id, label: '', supported: false })
    return `${id}?`
  }
  const marked = transformProse(text, (prose) => prose.replace(MARKS, (group) => group.replace(IDS, check)))
  return { text: marked, citations: [...citations.values()] }
}

/** Returns true if a text outside of code has a mark, of a source that exists or not. */
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

/** Applies a change outside of code, where no mark is a citation. Only a text with brackets is searched for code. */
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
