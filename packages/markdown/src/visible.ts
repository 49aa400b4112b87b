import type { Autolink, Block, Code, Inline, Link, Text } from './nodes.ts'
import { parseMarkdown } from './parse-markdown.ts'

/** Holds functions that replace the visible text of links, of autolinks and of other text. */
export interface VisibleOptions {
  link?: (link: Link, linkText: string) => string
  autolink?: (link: Autolink) => string
  text?: (text: Text) => string
}

/**
 * Returns the visible text without Markdown syntax. Line breaks are kept, and the cells of a table are separated by
 * tabs.
 */
export const toVisibleText = (source: string, options: VisibleOptions = {}): string =>
  toVisibleBlocks(parseMarkdown(source), options)

export const toVisibleBlocks = (blocks: Block[], options: VisibleOptions = {}): string =>
  blocks.map((block) => toVisibleBlock(block, options)).join('\n')

/** Returns the code. If its fence has an info string, that string is the first line. */
export const toVisibleCode = ({ info, value }: Code): string => (info === '' ? value : `${info}\n${value}`)

function toVisibleBlock(block: Block, options: VisibleOptions): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return toVisibleInlines(block.inlines, options)
    case 'code_block':
      return toVisibleCode(block)
    case 'quote':
      return toVisibleBlocks(block.blocks, options)
    case 'list':
      return block.items.map((item) => toVisibleBlocks(item.blocks, options)).join('\n')
    case 'table':
      return [block.header, ...block.rows]
        .map((row) => row.map((cell) => toVisibleInlines(cell.inlines, options)).join('\t'))
        .join('\n')
    case 'rule':
      return ''
  }
}

export const toVisibleInlines = (inlines: Inline[], options: VisibleOptions = {}): string =>
  inlines.map((inline) => toVisibleInline(inline, options)).join('')

function toVisibleInline(inline: Inline, options: VisibleOptions): string {
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
      const linkText = toVisibleInlines(inline.children, options)
      return options.link?.(inline, linkText) ?? linkText
    }
    default:
      return toVisibleInlines(inline.children, options)
  }
}
