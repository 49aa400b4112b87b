import { listCodeRanges, markDeceptive, parseMarkdown } from '@engineer-chat/markdown'
import { type Citation, createCitationMatcher, type ProsePiece, splitCitationMarks } from '@engineer-chat/protocol'
import { toCitedHash } from '../state/replying/cited-hash.ts'
import { formatSourceName, readCitationLabel } from './citation-label.ts'

interface LabelContext {
  /** Holds the page's origin, so that the links also work in a downloaded file. */
  origin: string
  /** Names the event of the answer. */
  event_id: string
  /** Translates the kinds of sources into the reader's language. */
  kinds: Record<string, string>
  formatRound(round: number): string
}

/**
 * Returns an answer's text as it is saved in a document. The ids of citations are meaningful only within the answer, so
 * each mark is replaced by its source's label, as a link if the page can show the source. A mark without source stays.
 */
export function replaceCitationsByLabels(text: string, citations: readonly Citation[], context: LabelContext): string {
  const supportedCitations = citations.filter((citation) => citation.supported)
  const replaceMarks = (prose: string) => replaceCitationMarks(prose, supportedCitations, context)
  let citedText = ''
  let copiedEnd = 0
  for (const code of listCodeRanges(parseMarkdown(text))) {
    citedText += replaceMarks(text.slice(copiedEnd, code.start)) + text.slice(code.start, code.end)
    copiedEnd = code.end
  }
  return citedText + replaceMarks(text.slice(copiedEnd))
}

/** Replaces marks by labels. Marks directly after each other share one pair of brackets: `(label 1; label 2)`. */
function replaceCitationMarks(prose: string, citations: readonly Citation[], context: LabelContext): string {
  const pieces = splitCitationMarks(prose, createCitationMatcher(citations))
  return pieces
    .map((piece, index) => {
      if (piece.id === undefined) return piece.text
      const isFirstOfGroup = pieces[index - 1]?.id === undefined
      const isLastOfGroup = pieces[index + 1]?.id === undefined
      return `${isFirstOfGroup ? '(' : '; '}${formatSource(piece, citations, context)}${isLastOfGroup ? ')' : ''}`
    })
    .join('')
}

function formatSource({ id = '', text }: ProsePiece, citations: readonly Citation[], context: LabelContext): string {
  const citation =
    citations.find((candidate) => candidate.id === id) ??
    citations.find((candidate) => candidate.id === id.toLowerCase())
  // The `?` at the end of an id says that the id has no source.
  if (!citation || text.endsWith('?')) return `[${text}]`
  const label = formatForMarkdown(formatLabel(citation, context))
  const hash = toCitedHash(citation, context.event_id)
  return hash === undefined ? label : `[${label}](${context.origin}/${hash})`
}

/** Matches a time such as `2026-03-03T14:05:09.123Z`. */
const ISO_TIME = /(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d\.\d{3}Z/g

/** Translates a label, which is stored in English. */
function formatLabel(citation: Citation, { kinds, formatRound }: LabelContext): string {
  const { round, at } = readCitationLabel(citation)
  const parts = [formatSourceName(citation, kinds), round === undefined ? undefined : formatRound(round), at]
  return parts.filter((part) => part !== undefined).join(', ')
}

/** Escapes a label, because it may be text of others and must not act as markup. Shortens its times to minutes. */
const formatForMarkdown = (label: string): string =>
  markDeceptive(label)
    .replace(/[\\`*_[\]<>|~&]/g, '\\$&')
    .replace(ISO_TIME, '$1 $2 UTC')
