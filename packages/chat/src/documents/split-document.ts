import { type AnchoredHeading, type Block, listHeadings, parseMarkdown } from '@engineer-chat/markdown'

/** Describes a part of a document that an answer may cite. The joined pieces of a document are its text. */
export interface DocumentPiece {
  /**
   * Holds the titles of the headings that the text of the piece stands under, the outermost first. `text` itself
   * may begin with some of these headings.
   */
  headings: string[]
  /** Holds the anchor of the last of these headings. It is empty for text before the first heading. */
  anchor: string
  text: string
}

/**
 * A piece has at most this many UTF-16 code units. If it begins with headings, it may have `MAX_HEADINGS_CODE_UNITS`
 * more.
 */
export const MAX_PIECE_CODE_UNITS = 1_500
/** If the headings at the start of a piece have more code units than this together, the piece may end after them. */
export const MAX_HEADINGS_CODE_UNITS = 500
/** In `headings` of a piece, each title is cut to this many code units. */
const MAX_LISTED_TITLE_CODE_UNITS = 200

/** Marks a range of the text. `end` is the index after the last UTF-16 code unit. */
interface TextRange {
  start: number
  end: number
}

/** Holds a block of the text with the blank lines after it. A block too long for a piece becomes several chunks. */
interface Chunk extends TextRange {
  /** Is undefined if the block is not a heading, and for each chunk of a block except the first. */
  heading: AnchoredHeading | undefined
}

/**
 * Splits a text at its headings and between its blocks. A paragraph, a list, a table or a block of code is cut only if
 * it is too long for a piece.
 */
export function splitDocument(content: string): DocumentPiece[] {
  const pieces: DocumentPiece[] = []
  /** Holds the headings that the current piece stands under, the outermost first. */
  const headingPath: AnchoredHeading[] = []
  /** Holds the range of the current piece. `canClose` is false while the piece has nothing but short headings. */
  let piece = { start: 0, end: 0, canClose: false }
  const closePiece = (): void => {
    if (piece.end > piece.start) {
      const headings = headingPath.map(({ title }) => title.slice(0, MAX_LISTED_TITLE_CODE_UNITS).toWellFormed())
      pieces.push({ headings, anchor: headingPath.at(-1)?.anchor ?? '', text: content.slice(piece.start, piece.end) })
    }
    piece = { start: piece.end, end: piece.end, canClose: false }
  }
  for (const chunk of listChunks(content)) {
    const { heading } = chunk
    const fitsPiece = chunk.end - piece.start <= MAX_PIECE_CODE_UNITS
    if (piece.canClose && (heading || !fitsPiece)) closePiece()
    if (heading) {
      while ((headingPath.at(-1)?.depth ?? 0) >= heading.depth) headingPath.pop()
      headingPath.push(heading)
    }
    piece.end = chunk.end
    if (!heading || piece.end - piece.start > MAX_HEADINGS_CODE_UNITS) piece.canClose = true
  }
  closePiece()
  return pieces
}

function listChunks(content: string): Chunk[] {
  const blocks = parseMarkdown(content)
  const headings = new Map(listHeadings(blocks).map((heading) => [heading.start, heading]))
  // A text that has only blank lines has no block.
  if (blocks.length === 0) {
    return cutLongRange(content, { start: 0, end: content.length }).map((part) => ({ ...part, heading: undefined }))
  }
  const starts = blocks.map((block, index) => (index === 0 ? 0 : findLineStart(content, block)))
  return blocks.flatMap((block, index) => {
    const range = { start: starts[index] ?? 0, end: starts[index + 1] ?? content.length }
    const heading = block.type === 'heading' ? headings.get(block.start) : undefined
    const parts = cutLongRange(content, range)
    return parts.map((part, partIndex) => ({ ...part, heading: partIndex === 0 ? heading : undefined }))
  })
}

/**
 * Finds the start of the line in which a block begins. A block's own `start` is after its indentation and after the `#`
 * signs of a heading.
 */
function findLineStart(content: string, { start: textStart }: Block): number {
  let start = textStart
  while (start > 0 && content[start - 1] !== '\n' && content[start - 1] !== '\r') start -= 1
  return start
}

/** Cuts a range into parts of at most `MAX_PIECE_CODE_UNITS`. */
function cutLongRange(content: string, { start, end }: TextRange): TextRange[] {
  const parts: TextRange[] = []
  let partStart = start
  while (end - partStart > MAX_PIECE_CODE_UNITS) {
    const cut = findCut(content, partStart)
    parts.push({ start: partStart, end: cut })
    partStart = cut
  }
  return [...parts, { start: partStart, end }]
}

/**
 * Finds the end of the part that begins at `partStart`. Only the second half of the longest possible part is searched.
 * The part ends there after the last line end, or else after the last sentence, or else after the last space. If the
 * half has none of these, the part is as long as possible.
 */
function findCut(content: string, partStart: number): number {
  const middle = partStart + Math.ceil(MAX_PIECE_CODE_UNITS / 2)
  const limit = partStart + MAX_PIECE_CODE_UNITS
  for (const isEnd of [isLineEnd, isSentenceEnd, isAfterSpace]) {
    for (let cut = limit; cut > middle; cut -= 1) if (isEnd(content, cut)) return cut
  }
  return isWithinPair(content, limit) ? limit - 1 : limit
}

// Each of these functions returns true if such an end is directly before the index `cut`.
const isLineEnd = (content: string, cut: number): boolean =>
  content[cut - 1] === '\n' || (content[cut - 1] === '\r' && content[cut] !== '\n')

const isSentenceEnd = (content: string, cut: number): boolean =>
  '。！？；'.includes(content[cut - 1] ?? '') || ('.!?;'.includes(content[cut - 1] ?? '') && content[cut] === ' ')

const isAfterSpace = (content: string, cut: number): boolean => content[cut - 1] === ' '

/** Returns true if the cut is between the two UTF-16 code units of one character, or between `\r` and `\n`. */
const isWithinPair = (content: string, cut: number): boolean =>
  /^(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|\r\n)$/.test(content.slice(cut - 1, cut + 1))
