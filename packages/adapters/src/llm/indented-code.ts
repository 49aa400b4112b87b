/** Holds the blocks that the previous lines left open. They decide whether an indent makes the next line code. */
export interface OpenBlocks {
  /** Counts the block quotes that contain the previous line. */
  quoteCount: number
  /** Lists the columns at which the text of each open list item begins, the innermost last. */
  itemColumns: number[]
  /** True means that a paragraph is open. An indented line continues the paragraph, so it is not code. */
  isParagraph: boolean
}

export const createOpenBlocks = (): OpenBlocks => ({ quoteCount: 0, itemColumns: [], isParagraph: false })

export const copyOpenBlocks = (open: OpenBlocks): OpenBlocks => ({ ...open, itemColumns: [...open.itemColumns] })

/** A line is code if its text begins at least this many columns to the right of where its block's text begins. */
const CODE_COLUMNS = 4
/** Matches the marker of a list item, such as `-` or `12.`. */
const MARKER = /(?:[-+*]|\d{1,9}[.)])(?=[ \t])/y

/**
 * Updates `open`, and returns true if the line is code because of its indent. By CommonMark's rule the line then has
 * four more columns than its list item, and continues no paragraph. `prefix` has the line's blanks, quotes and list
 * marks, and `next` is the character after `prefix`.
 */
export function enterLine(prefix: string, next: string, open: OpenBlocks): boolean {
  const offset = enterQuotes(prefix, open)
  const isBlankLine = ['\n', '\r', ''].includes(next) && /^[ \t]*$/.test(prefix.slice(offset))
  if (isBlankLine) {
    open.isParagraph = false
    return false
  }
  if (enterItems(prefix, offset, open)) return true
  const isHeading = next === '#'
  if (!isHeading) open.isParagraph = true
  return false
}

/** Updates the block quotes of `open`, and returns the offset after the line's last `>`. */
function enterQuotes(prefix: string, open: OpenBlocks): number {
  let offset = 0
  let quoteCount = 0
  for (let mark = /^ {0,3}> ?/.exec(prefix); mark; mark = /^ {0,3}> ?/.exec(prefix.slice(offset))) {
    offset += mark[0].length
    quoteCount += 1
  }
  if (quoteCount !== open.quoteCount) {
    open.itemColumns = []
    if (quoteCount > open.quoteCount) open.isParagraph = false
    open.quoteCount = quoteCount
  }
  return offset
}

/** Closes the list items that this line leaves, and opens new ones. Returns true if its indent makes the line code. */
function enterItems(prefix: string, start: number, open: OpenBlocks): boolean {
  let offset = start
  let column = 0
  for (;;) {
    const [end, indent] = skipBlanks(prefix, offset, column)
    MARKER.lastIndex = end
    const marker = MARKER.exec(prefix)?.[0] ?? ''
    if (!open.isParagraph || marker !== '') while (indent < (open.itemColumns.at(-1) ?? 0)) open.itemColumns.pop()
    if (indent - (open.itemColumns.at(-1) ?? 0) >= CODE_COLUMNS) return !open.isParagraph
    if (marker === '') return false
    const [, contentColumn] = skipBlanks(prefix, end + marker.length, indent + marker.length)
    // After a marker, more than four blanks belong to code in the item, whose text begins one column after the marker.
    const gap = contentColumn - indent - marker.length
    open.itemColumns.push(indent + marker.length + (gap > CODE_COLUMNS ? 1 : gap))
    open.isParagraph = false
    offset = end + marker.length
    column = indent + marker.length
  }
}

/** Returns the offset after the blanks, and its column. A tab reaches to the next multiple of four. */
function skipBlanks(text: string, start: number, column: number): [offset: number, column: number] {
  let offset = start
  let endColumn = column
  for (; text[offset] === ' ' || text[offset] === '\t'; offset += 1) {
    endColumn += text[offset] === ' ' ? 1 : 4 - (endColumn % 4)
  }
  return [offset, endColumn]
}
