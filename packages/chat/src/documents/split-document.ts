import { type Block, listHeadings, type PlacedHeading, parseMarkdown } from '@engineer-chat/markdown'

/** Describes a part of a document that an answer may cite. The joined pieces of a document are its text. */
export interface DocumentPiece {
  /** Holds the titles of the headings above the piece, the outermost first. */
  headings: string[]
  /** Holds the anchor of the last of these headings. It is empty for text before the first heading. */
  anchor: string
  text: string
}

/** A piece has at most this many UTF-16 units, or at most `MAX_HEADING_UNITS` more if it begins with headings. */
export const MAX_PIECE_UNITS = 1_500
/** Headings that are longer than this together become a separate piece. */
export const MAX_HEADING_UNITS = 500
const MAX_TITLE_UNITS = 200

/** Holds a block of the text with the blank lines after it, or a part of a block that is too long for a piece. */
interface Unit {
  start: number
  end: number
  heading: PlacedHeading | undefined
}

/**
 * Splits a text at its headings and between its blocks. A paragraph, a list, a table or a block of code is cut only if
 * it is too long for a piece.
 */
export function splitDocument(content: string): DocumentPiece[] {
  const pieces: DocumentPiece[] = []
  const path: PlacedHeading[] = []
  let piece = { start: 0, end: 0, hasText: false }
  const close = (): void => {
    if (piece.end > piece.start) {
      const headings = path.map(({ title }) => title.slice(0, MAX_TITLE_UNITS).toWellFormed())
      pieces.push({ headings, anchor: path.at(-1)?.anchor ?? '', text: content.slice(piece.start, piece.end) })
    }
    piece = { start: piece.end, end: piece.end, hasText: false }
  }
  for (const unit of listUnits(content)) {
    const { heading } = unit
    const isTooLong = piece.end - piece.start + unit.end - unit.start > MAX_PIECE_UNITS
    if (piece.hasText && (heading || isTooLong)) close()
    if (heading) {
      while ((path.at(-1)?.depth ?? 0) >= heading.depth) path.pop()
      path.push(heading)
    }
    piece.end = unit.end
    piece.hasText ||= !heading || piece.end - piece.start > MAX_HEADING_UNITS
  }
  close()
  return pieces
}

function listUnits(content: string): Unit[] {
  const blocks = parseMarkdown(content)
  const headings = new Map(listHeadings(blocks).map((heading) => [heading.start, heading]))
  if (blocks.length === 0) return cutLongUnit(content, { start: 0, end: content.length }).map(toUnit)
  const starts = blocks.map((block, index) => (index === 0 ? 0 : findLineStart(content, block)))
  return blocks.flatMap((block, index) => {
    const unit = { start: starts[index] ?? 0, end: starts[index + 1] ?? content.length }
    const heading = block.type === 'heading' ? headings.get(block.start) : undefined
    return cutLongUnit(content, unit).map((part, place) => ({ ...part, heading: place === 0 ? heading : undefined }))
  })
}

/** Makes a unit without a heading, for a text that has only blank lines and so no block. */
const toUnit = (part: { start: number; end: number }): Unit => ({ ...part, heading: undefined })

/**
 * Finds the start of the line in which a block begins. `start` of a block is after its indentation or the signs of a
 * heading.
 */
function findLineStart(content: string, { start: textStart }: Block): number {
  let start = textStart
  while (start > 0 && content[start - 1] !== '\n' && content[start - 1] !== '\r') start -= 1
  return start
}

function cutLongUnit(content: string, { start, end }: { start: number; end: number }) {
  const parts: Array<{ start: number; end: number }> = []
  let from = start
  while (end - from > MAX_PIECE_UNITS) {
    const cut = findCut(content, from)
    parts.push({ start: from, end: cut })
    from = cut
  }
  return [...parts, { start: from, end }]
}

/** Finds the last end of a line in the second half of a piece, otherwise the last end of a sentence, or a blank. */
function findCut(content: string, from: number): number {
  const half = from + Math.ceil(MAX_PIECE_UNITS / 2)
  const limit = from + MAX_PIECE_UNITS
  for (const isEnd of [isLineEnd, isSentenceEnd, isBlank]) {
    for (let cut = limit; cut > half; cut -= 1) if (isEnd(content, cut)) return cut
  }
  return isWithinPair(content, limit) ? limit - 1 : limit
}

const isLineEnd = (content: string, cut: number): boolean =>
  content[cut - 1] === '\n' || (content[cut - 1] === '\r' && content[cut] !== '\n')

const isSentenceEnd = (content: string, cut: number): boolean =>
  '。！？；'.includes(content[cut - 1] ?? '') || ('.!?;'.includes(content[cut - 1] ?? '') && content[cut] === ' ')

const isBlank = (content: string, cut: number): boolean => content[cut - 1] === ' '

/** Returns true between the two units of one character, and between the two characters of one line end. */
const isWithinPair = (content: string, cut: number): boolean =>
  /^(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|\r\n)$/.test(content.slice(cut - 1, cut + 1))
