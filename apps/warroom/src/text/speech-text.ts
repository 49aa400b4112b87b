import { type Block, type Inline, parseMarkdown } from '@engineer-chat/markdown'
import { type Citation, createCitationMatcher, removeCitationMarks } from '@engineer-chat/protocol'

/** Changes the words of a text outside code. */
type ChangeWords = (words: string) => string

/** Returns the words of an answer that are read aloud, without Markdown marks, code blocks and ids of citations. */
export function toSpeechText(markdown: string, citations: readonly Citation[] = []): string {
  const isCited = createCitationMatcher(citations)
  return toSpokenBlocks(parseMarkdown(markdown), (words) => removeCitationMarks(words, isCited))
    .split('\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

const toSpokenBlocks = (blocks: Block[], changeWords: ChangeWords): string =>
  blocks.map((block) => toSpokenBlock(block, changeWords)).join('\n')

function toSpokenBlock(block: Block, changeWords: ChangeWords): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return toSpokenInlines(block.inlines, changeWords)
    case 'quote':
      return toSpokenBlocks(block.blocks, changeWords)
    case 'list':
      return block.items.map((item) => toSpokenBlocks(item.blocks, changeWords)).join('\n')
    case 'table':
      return [block.header, ...block.rows]
        .map((row) => row.map((cell) => toSpokenInlines(cell.inlines, changeWords)).join(', '))
        .join('\n')
    case 'code_block':
    case 'rule':
      return ''
  }
}

const toSpokenInlines = (inlines: Inline[], changeWords: ChangeWords): string =>
  inlines.map((inline) => toSpokenInline(inline, changeWords)).join('')

function toSpokenInline(inline: Inline, changeWords: ChangeWords): string {
  if (inline.type === 'text') return changeWords(inline.value)
  if (inline.type === 'code') return inline.value
  if (inline.type === 'break') return '\n'
  return inline.type === 'autolink' ? inline.address : toSpokenInlines(inline.children, changeWords)
}

/**
 * Returns Chinese if more than one in eight characters is Chinese, because Chinese reports contain many Latin names.
 */
export const detectLanguage = (text: string): 'zh' | 'en' =>
  (text.match(/\p{Script=Han}/gu) ?? []).length * 8 > text.length ? 'zh' : 'en'
