import { type Block, type Inline, lex } from '@engineer-chat/markdown'
import { type Citation, createCitationMatcher, removeCitationMarks } from '@engineer-chat/protocol'

type ChangeWords = (words: string) => string

/** What is said of an answer: its words, without marks of Markdown, code blocks, and the ids that its list of citations holds. */
export function toSpeechText(markdown: string, citations: readonly Citation[] = []): string {
  const isCited = createCitationMatcher(citations)
  return sayBlocks(lex(markdown), (words) => removeCitationMarks(words, isCited))
    .split('\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

const sayBlocks = (blocks: Block[], change: ChangeWords): string =>
  blocks.map((block) => sayBlock(block, change)).join('\n')

function sayBlock(block: Block, change: ChangeWords): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return currentMessages(block.inlines, change)
    case 'quote':
      return sayBlocks(block.blocks, change)
    case 'list':
      return block.items.map((item) => sayBlocks(item.blocks, change)).join('\n')
    case 'table':
      return [block.header, ...block.rows]
        .map((row) => row.map((cell) => currentMessages(cell.inlines, change)).join(', '))
        .join('\n')
    case 'code_block':
    case 'rule':
      return ''
  }
}

const currentMessages = (inlines: Inline[], change: ChangeWords): string =>
  inlines.map((inline) => sayInline(inline, change)).join('')

function sayInline(inline: Inline, change: ChangeWords): string {
  if (inline.type === 'text') return change(inline.value)
  if (inline.type === 'code') return inline.value
  if (inline.type === 'break') return '\n'
  return inline.type === 'autolink' ? inline.address : currentMessages(inline.children, change)
}

/** Mixed text of this trade is Chinese with names in Latin script. */
export const detectLanguage = (text: string): 'zh' | 'en' =>
  (text.match(/\p{Script=Han}/gu) ?? []).length * 8 > text.length ? 'zh' : 'en'
