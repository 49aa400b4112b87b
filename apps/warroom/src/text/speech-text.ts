import { type Block, type Inline, parseMarkdown } from '@engineer-chat/markdown'
import { type Citation, createCitationMatcher, removeCitationMarks } from '@engineer-chat/protocol'

type ChangeWords = (words: string) => string

/** Returns the words of an answer that are read aloud: no marks of Markdown, no code blocks, no ids of citations. */
export function toSpeechText(markdown: string, citations: readonly Citation[] = []): string {
  const isCited = createCitationMatcher(citations)
  return sayBlocks(parseMarkdown(markdown), (words) => removeCitationMarks(words, isCited))
    .split('\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

const sayBlocks = (blocks: Block[], changeWords: ChangeWords): string =>
  blocks.map((block) => sayBlock(block, changeWords)).join('\n')

function sayBlock(block: Block, changeWords: ChangeWords): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return sayInlines(block.inlines, changeWords)
    case 'quote':
      return sayBlocks(block.blocks, changeWords)
    case 'list':
      return block.items.map((item) => sayBlocks(item.blocks, changeWords)).join('\n')
    case 'table':
      return [block.header, ...block.rows]
        .map((row) => row.map((cell) => sayInlines(cell.inlines, changeWords)).join(', '))
        .join('\n')
    case 'code_block':
    case 'rule':
      return ''
  }
}

const sayInlines = (inlines: Inline[], changeWords: ChangeWords): string =>
  inlines.map((inline) => sayInline(inline, changeWords)).join('')

function sayInline(inline: Inline, changeWords: ChangeWords): string {
  if (inline.type === 'text') return changeWords(inline.value)
  if (inline.type === 'code') return inline.value
  if (inline.type === 'break') return '\n'
  return inline.type === 'autolink' ? inline.address : sayInlines(inline.children, changeWords)
}

/** Returns Chinese from one Chinese character in eight on, because Chinese text on incidents has many Latin names. */
export const detectLanguage = (text: string): 'zh' | 'en' =>
  (text.match(/\p{Script=Han}/gu) ?? []).length * 8 > text.length ? 'zh' : 'en'
