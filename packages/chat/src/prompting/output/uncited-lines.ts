import { type Block, type Leaf, parseMarkdown, type Span } from '@engineer-chat/markdown'
import type { Language } from '../prompts/prompt.ts'
import { hasCitation } from './citations.ts'

/** Readers see this after a line that names no source. */
const UNCITED_MARKS: Record<Language, string> = { en: '[no source]', zh: '[无来源]' }
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
 * Marks each paragraph, item and row that has no citation. It does not mark headings, quotations and code, a line that
 * says that something is not known, and the lines below a heading that says so.
 */
export function markUncitedLines(text: string, language: Language): string {
  let out = ''
  let end = 0
  for (const line of listLines(text, parseMarkdown(text))) {
    const written = text.slice(line.start, line.end)
    if (isComplete(written)) continue
    const place = line.start + written.trimEnd().length
    out += `${text.slice(end, place)} ${UNCITED_MARKS[language]}`
    end = place
  }
  return out + text.slice(end)
}

const isComplete = (written: string): boolean =>
  written.trim() === '' ||
  NOT_KNOWN.test(written) ||
  isIntroduction(written) ||
  MARKED.test(written) ||
  hasCitation(written)

/**
 * A line that ends with a colon introduces the lines below it. A regular expression for the line's end would take
 * quadratic time.
 */
function isIntroduction(written: string): boolean {
  let end = written.length
  while (end > 0 && EMPHASIS_OR_SPACE.test(written.charAt(end - 1))) end -= 1
  return COLON.test(written.charAt(end - 1))
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
