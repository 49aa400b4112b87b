import { lex } from './lex.ts'
import type { Autolink, Block, Code, Inline, Link, Text } from './nodes.ts'

/** States how addresses are written if the words of links are text. */
export interface VisibleOptions {
  link?: (link: Link, words: string) => string
  autolink?: (link: Autolink) => string
  text?: (text: Text) => string
}

/** Returns the visible text: a line for each line, a tab between a table's cells, and no marks of Markdown. */
export const visibleText = (source: string, options: VisibleOptions = {}): string => visibleBlocks(lex(source), options)

export const visibleBlocks = (blocks: Block[], options: VisibleOptions = {}): string =>
  blocks.map((block) => visibleBlock(block, options)).join('\n')

/** The words behind the fence are a line of their own above the code. */
export const visibleCode = ({ info, value }: Code): string => (info === '' ? value : `${info}\n${value}`)

function visibleBlock(block: Block, options: VisibleOptions): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return visibleInlines(block.inlines, options)
    case 'code_block':
      return visibleCode(block)
    case 'quote':
      return visibleBlocks(block.blocks, options)
    case 'list':
      return block.items.map((item) => visibleBlocks(item.blocks, options)).join('\n')
    case 'table':
      return [block.header, ...block.rows]
        .map((row) => row.map((cell) => visibleInlines(cell.inlines, options)).join('\t'))
        .join('\n')
    case 'rule':
      return ''
  }
}

export const visibleInlines = (inlines: Inline[], options: VisibleOptions = {}): string =>
  inlines.map((inline) => visibleInline(inline, options)).join('')

function visibleInline(inline: Inline, options: VisibleOptions): string {
  switch (inline.type) {
    case 'text':
      return options.text?.(inline) ?? inline.value
    case 'code':
      return inline.value
    case 'break':
      return '\n'
    case 'autolink':
      return options.autolink?.(inline) ?? inline.address
    case 'link':
    case 'image': {
      const words = visibleInlines(inline.children, options)
      return options.link?.(inline, words) ?? words
    }
    default:
      return visibleInlines(inline.children, options)
  }
}
