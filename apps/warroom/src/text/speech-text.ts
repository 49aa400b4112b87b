import { type Block, type Inline, parseMarkdown } from '@engineer-chat/markdown'
import { type Citation, createCitationMatcher, removeCitationMarks } from '@engineer-chat/protocol'

/** Changes a part of a text that is not code. */
type ChangeProse = (prose: string) => string

/** Returns the text with which an answer is read aloud, without Markdown marks, code blocks and citation marks. */
export function toSpeechText(markdown: string, citations: readonly Citation[] = []): string {
  const isCited = createCitationMatcher(citations)
  return toSpokenBlocks(parseMarkdown(markdown), (prose) => removeCitationMarks(prose, isCited))
    .split('\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

const toSpokenBlocks = (blocks: Block[], changeProse: ChangeProse): string =>
  blocks.map((block) => toSpokenBlock(block, changeProse)).join('\n')

function toSpokenBlock(block: Block, changeProse: ChangeProse): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return toSpokenInlines(block.inlines, changeProse)
    case 'quote':
      return toSpokenBlocks(block.blocks, changeProse)
    case 'list':
      return block.items.map((item) => toSpokenBlocks(item.blocks, changeProse)).join('\n')
    case 'table':
      return [block.header, ...block.rows]
        .map((row) => row.map((cell) => toSpokenInlines(cell.inlines, changeProse)).join(', '))
        .join('\n')
    case 'code_block':
    case 'rule':
      return ''
  }
}

const toSpokenInlines = (inlines: Inline[], changeProse: ChangeProse): string =>
  inlines.map((inline) => toSpokenInline(inline, changeProse)).join('')

function toSpokenInline(inline: Inline, changeProse: ChangeProse): string {
  if (inline.type === 'text') return changeProse(inline.value)
  if (inline.type === 'code') return inline.value
  if (inline.type === 'break') return '\n'
  return inline.type === 'autolink' ? inline.address : toSpokenInlines(inline.children, changeProse)
}

/**
 * Returns Chinese if more than one in eight characters is Chinese, because Chinese reports contain many Latin names.
 */
export const detectLanguage = (text: string): 'zh' | 'en' =>
  (text.match(/\p{Script=Han}/gu) ?? []).length * 8 > text.length ? 'zh' : 'en'
