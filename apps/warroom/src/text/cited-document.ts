import { listCode, markDeceptive, parseMarkdown } from '@engineer-chat/markdown'
import { type Citation, createCitationMatcher, type ProsePiece, splitCitationMarks } from '@engineer-chat/protocol'
import { toDocumentHash, toMessageHash } from '../state/page/route.ts'

interface Place {
  /** Is the address of the page, so that the links also work in a file. */
  origin: string
  event_id: string
}

/**
 * Returns an answer's text for a document. The ids of citations belong to one answer, so each mark becomes what it
 * stands for, and a link to it where the source has a place. A mark without a source stays.
 */
export function toCitedDocument(text: string, citations: readonly Citation[], place: Place): string {
  const supported = citations.filter((one) => one.supported)
  const change = (prose: string) => writeSources(prose, supported, place)
  let out = ''
  let end = 0
  for (const code of listCode(parseMarkdown(text))) {
    out += change(text.slice(end, code.start)) + text.slice(code.start, code.end)
    end = code.end
  }
  return out + change(text.slice(end))
}

function writeSources(prose: string, citations: readonly Citation[], place: Place): string {
  const pieces = splitCitationMarks(prose, createCitationMatcher(citations))
  return pieces
    .map((piece, index) => {
      if (piece.id === undefined) return piece.text
      const isFirst = pieces[index - 1]?.id === undefined
      const isLast = pieces[index + 1]?.id === undefined
      return `${isFirst ? '(' : '; '}${writeSource(piece, citations, place)}${isLast ? ')' : ''}`
    })
    .join('')
}

function writeSource({ id = '', text }: ProsePiece, citations: readonly Citation[], place: Place): string {
  const citation = citations.find((one) => one.id === id) ?? citations.find((one) => one.id === id.toLowerCase())
  if (!citation || text.endsWith('?')) return `[${text}]`
  const words = writeLabel(citation.label)
  const hash = findHash(citation, place.event_id)
  return hash === undefined ? words : `[${words}](${place.origin}/${hash})`
}

function findHash({ message_id, document_id, anchor }: Citation, event_id: string): string | undefined {
  if (message_id !== undefined) return toMessageHash(event_id, message_id)
  return document_id === undefined ? undefined : toDocumentHash(document_id, anchor)
}

const ISO_TIME = /(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d\.\d{3}Z/g

/** Names are foreign text, which is no markup. */
const writeLabel = (label: string): string =>
  markDeceptive(label)
    .replace(/[\\`*_[\]<>|~&]/g, '\\$&')
    .replace(ISO_TIME, '$1 $2 UTC')
