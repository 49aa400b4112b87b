import { type Block, parseMarkdown, type Span, type TextBlock } from '@engineer-chat/markdown'
import type { Citation } from '@engineer-chat/protocol'
import type { Language } from '../prompts/prompt-template.ts'
import { createCitationCheck } from './citations.ts'

/**
 * In this module, a line is a whole paragraph (also one of a list item) or a row of a table. Readers see a mark after a
 * line that cites no source.
 */
const UNCITED_MARKS: Record<Language, string> = { en: '[no source]', zh: '[无来源]' }
/** Matches a mark in a line, in either language. */
const UNCITED_MARK = new RegExp(
  Object.values(UNCITED_MARKS)
    .map((mark) => RegExp.escape(mark))
    .join('|'),
)
/** These words and marks may follow `Not known` in a line that says no more than that, and what would answer it. */
const AFTER_NOT_KNOWN = [
  '$|[。！？；：，、（(,–—]',
  String.raw`[.!?;:](?:[\s*_"”’']|$)`,
  String.raw`(?<=\s)-\s`,
  String.raw`(?<=\s)(?:from|so far|at this time|at present|whether|who|what|when|where|why|how|if)\b`,
]
/**
 * Matches a line or title that says at its beginning that something is not known. `Unknown attackers` and `unknown.exe`
 * begin a statement.
 */
const NOT_KNOWN = new RegExp(
  String.raw`^[\s*_"“‘'#-]*(?:not known(?: yet)?|unknowns?|未知(?:事项|情况|信息)?)[\s*_"”’'#]*(?:${AFTER_NOT_KNOWN.join('|')})`,
  'i',
)
const COLON = /[:：]/
const EMPHASIS_OR_SPACE = /[\s*_]/

/**
 * Marks each line that has none of the answer's `citations`. Titles, quotations and code get no mark. Nor do lines that
 * introduce others, lines that say that something is not known, and the lines below a title that says so.
 */
export function markUncitedLines(text: string, citations: readonly Citation[], language: Language): string {
  const hasCitation = createCitationCheck(citations)
  let out = ''
  let copiedTo = 0
  for (const span of listLines(text, parseMarkdown(text))) {
    const line = text.slice(span.start, span.end)
    if (needsNoMark(line) || hasCitation(line)) continue
    const lineEnd = span.start + line.trimEnd().length
    out += `${text.slice(copiedTo, lineEnd)} ${UNCITED_MARKS[language]}`
    copiedTo = lineEnd
  }
  return out + text.slice(copiedTo)
}

const needsNoMark = (line: string): boolean =>
  line.trim() === '' || NOT_KNOWN.test(line) || isIntroduction(line) || UNCITED_MARK.test(line)

/** A line that ends with a colon introduces the lines below it. */
function isIntroduction(line: string): boolean {
  // A loop finds the line's end, because a regular expression for it would take quadratic time.
  let end = line.length
  while (end > 0 && EMPHASIS_OR_SPACE.test(line.charAt(end - 1))) end -= 1
  return COLON.test(line.charAt(end - 1))
}

function listLines(text: string, blocks: Block[]): Span[] {
  let isInUnknownSection = false
  return blocks.flatMap((block) => {
    if (isTitle(block)) isInUnknownSection = NOT_KNOWN.test(text.slice(block.start, block.end))
    return isInUnknownSection || isTitle(block) ? [] : listBlockLines(text, block)
  })
}

function listBlockLines(text: string, block: Block): Span[] {
  switch (block.type) {
    case 'paragraph':
      return [block]
    case 'list':
      // A bold line is the title of the blocks below it. Alone in its item, it states something.
      return block.items.flatMap(({ blocks }) =>
        blocks.length > 1 ? listLines(text, blocks) : blocks.flatMap((inner) => listBlockLines(text, inner)),
      )
    case 'table':
      return block.rows.flatMap(listRowLines)
    case 'heading':
    case 'quote':
    case 'code_block':
    case 'rule':
      return []
  }
}

/**
 * Models write titles as headings, or as paragraphs whose whole text is bold. This is not asked of a block that is alone
 * in an item of a list.
 */
const isTitle = (block: Block): boolean =>
  block.type === 'heading' ||
  (block.type === 'paragraph' && block.inlines.length === 1 && block.inlines[0]?.type === 'strong')

/** Lists the one line of a row. It ends with the last cell that is not empty. A row of empty cells has no line. */
function listRowLines(cells: TextBlock[]): Span[] {
  const [first, last] = [cells[0], cells.findLast(({ start, end }) => end > start)]
  return first && last ? [{ start: first.start, end: last.end }] : []
}
