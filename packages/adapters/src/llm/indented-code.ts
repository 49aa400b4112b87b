/** Holds the blocks that the previous lines left open. They decide whether its indent makes the next line code. */
export interface OpenBlocks {
  /** Counts the block quotes that contain the previous line. */
  quotes: number
  /** Lists the columns at which the text of each open list item begins, the innermost last. */
  items: number[]
  /** True means that a paragraph is open. An indented line continues the paragraph, so it is not code. */
  isParagraph: boolean
}

export const createOpenBlocks = (): OpenBlocks => ({ quotes: 0, items: [], isParagraph: false })

const CODE_COLUMNS = 4
const MARKER = /(?:[-+*]|\d{1,9}[.)])(?=[ \t])/y

/**
 * Updates `open`, and returns true if the line is code only because of its blanks. By CommonMark's rule it has four
 * more columns than its list item, and no paragraph continues. `prefix` has the line's blanks, quotes and list marks,
 * and `next` is the character after them.
 */
export function isIndentedCode(prefix: string, next: string, open: OpenBlocks): boolean {
  const offset = enterQuotes(prefix, open)
  if (next === '\n' || next === '\r' || next === '') {
    if (/^[ \t]*$/.test(prefix.slice(offset))) {
      open.isParagraph = false
      return false
    }
  }
  return enterItems(prefix, offset, open) || endsAsText(next, open)
}

/** Returns where the text within the quotes begins. */
function enterQuotes(prefix: string, open: OpenBlocks): number {
  let [offset, quotes] = [0, 0]
  for (let mark = /^ {0,3}> ?/.exec(prefix); mark; mark = /^ {0,3}> ?/.exec(prefix.slice(offset))) {
    offset += mark[0].length
    quotes += 1
  }
  if (quotes !== open.quotes) {
    open.items = []
    open.isParagraph &&= quotes < open.quotes
    open.quotes = quotes
  }
  return offset
}

/** Matches the open items, and opens those that begin in this line. Returns true at the first blanks that make code. */
function enterItems(prefix: string, start: number, open: OpenBlocks): boolean {
  let offset = start
  let column = 0
  for (;;) {
    const [end, indent] = skipBlanks(prefix, offset, column)
    MARKER.lastIndex = end
    const marker = MARKER.exec(prefix)?.[0] ?? ''
    if (!open.isParagraph || marker !== '') while (indent < (open.items.at(-1) ?? 0)) open.items.pop()
    if (indent - (open.items.at(-1) ?? 0) >= CODE_COLUMNS) return !open.isParagraph
    if (marker === '') return false
    const [, content] = skipBlanks(prefix, end + marker.length, indent + marker.length)
    // After a marker, more than four blanks belong to code in the item, whose text begins one column after the marker.
    const gap = content - indent - marker.length
    open.items.push(indent + marker.length + (gap > CODE_COLUMNS ? 1 : gap))
    open.isParagraph = false
    offset = end + marker.length
    column = indent + marker.length
  }
}

/** Returns the place after the blanks and its column; a tab reaches to the next multiple of four. */
function skipBlanks(text: string, start: number, column: number): [offset: number, column: number] {
  let [offset, endColumn] = [start, column]
  for (; text[offset] === ' ' || text[offset] === '\t'; offset += 1) {
    endColumn += text[offset] === ' ' ? 1 : 4 - (endColumn % 4)
  }
  return [offset, endColumn]
}

/** Opens a paragraph, unless the line is a heading. Returns false, because the line is no code. */
function endsAsText(next: string, open: OpenBlocks): false {
  open.isParagraph ||= next !== '#'
  return false
}
