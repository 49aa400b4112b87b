import { type Block, type Leaf, parseMarkdown, type Span } from '@engineer-chat/markdown'
import type { Language } from '../prompts/prompt-template.ts'
import { hasCitation } from './citations.ts'

/** Readers see this after a line that names no source. */
const UNCITED_MARKS: Record<Language, string> = { en: '[no source]', zh: '[无来源]' }
/** Matches a line that has such a mark already. */
const MARKED = new RegExp(
  Object.values(UNCITED_MARKS)
    .map((mark) => RegExp.escape(mark))
    .join('|'),
)
/** A line that states a gap in the knowledge needs no source. */
const NOT_KNOWN = /^[\s*_"“‘'#-]*(?:not known|unknown|未知)/i
const COLON = /[:：]/
const EMPHASIS_OR_SPACE = /[\s*_]/

/**
 * Marks each paragraph, list item and table row that has no citation. Headings, quotations and code get no mark, nor do
 * lines that say that something is not known, nor the lines below a heading that says so.
 */
export function markUncitedLines(text: string, language: Language): string {
  let out = ''
  let copiedTo = 0
  for (const span of listLines(text, parseMarkdown(text))) {
    const line = text.slice(span.start, span.end)
    if (needsNoMark(line)) continue
    const lineEnd = span.start + line.trimEnd().length
    out += `${text.slice(copiedTo, lineEnd)} ${UNCITED_MARKS[language]}`
    copiedTo = lineEnd
  }
  return out + text.slice(copiedTo)
}

const needsNoMark = (line: string): boolean =>
  line.trim() === '' || NOT_KNOWN.test(line) || isIntroduction(line) || MARKED.test(line) || hasCitation(line)

/**
 * A line that ends with a colon introduces the lines below it. A regular expression for the line's end would take
 * quadratic time.
 */
function isIntroduction(line: string): boolean {
  let end = line.length
  while (end > 0 && EMPHASIS_OR_SPACE.test(line.charAt(end - 1))) end -= 1
  return COLON.test(line.charAt(end - 1))
}

function listLines(text: string, blocks: Block[]): Span[] {
  let isNotKnown = false
  return blocks.flatMap((block) => {
    if (isTitle(block)) isNotKnown = NOT_KNOWN.test(text.slice(block.start, block.end))
    return isNotKnown ? [] : listBlockLines(block)
  })
}

function listBlockLines(block: Block): Span[] {
  switch (block.type) {
    case 'paragraph':
      return isTitle(block) ? [] : [block]
    case 'list':
      return block.items.flatMap(({ blocks }) => blocks.flatMap(listBlockLines))
    case 'table':
      return block.rows.flatMap(toRowSpan)
    case 'heading':
    case 'quote':
    case 'code_block':
    case 'rule':
      return []
  }
}

/** Models write titles as headings, or as bold words that stand alone. */
const isTitle = (block: Block): boolean =>
  block.type === 'heading' ||
  (block.type === 'paragraph' && block.inlines.length === 1 && block.inlines[0]?.type === 'strong')

/** A row reaches to its last cell that is not empty. */
function toRowSpan(cells: Leaf[]): Span[] {
  const [first, last] = [cells[0], cells.findLast(({ start, end }) => end > start)]
  return first && last ? [{ start: first.start, end: last.end }] : []
}
