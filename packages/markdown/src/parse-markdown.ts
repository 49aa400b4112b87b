import { BlockReader } from './block-reader.ts'
import { LINE_END } from './line-starts.ts'
import type { Block, Inline, Span, TextBlock } from './nodes.ts'

/** Parses a text into blocks and inlines, each with its span in the text. */
export function parseMarkdown(source: string): Block[] {
  const reader = new BlockReader(source)
  let start = 0
  for (const { 0: ending, index } of source.matchAll(LINE_END)) {
    reader.readLine(start, index)
    start = index + ending.length
  }
  if (start < source.length) reader.readLine(start, source.length)
  return reader.finish()
}

/** Lists every paragraph, heading and cell, in order. */
export function listTextBlocks(blocks: Block[]): TextBlock[] {
  const textBlocks: TextBlock[] = []
  for (const block of blocks) {
    if (block.type === 'paragraph' || block.type === 'heading') textBlocks.push(block)
    else if (block.type === 'quote') textBlocks.push(...listTextBlocks(block.blocks))
    else if (block.type === 'list') for (const item of block.items) textBlocks.push(...listTextBlocks(item.blocks))
    else if (block.type === 'table') textBlocks.push(...block.header, ...block.rows.flat())
  }
  return textBlocks
}

/** Lists the ranges of code blocks and code spans in the source. Fences and backticks belong to them. */
export function listCodeRanges(blocks: Block[]): Span[] {
  const ranges: Span[] = []
  const addInlineCode = (inlines: Inline[]): void => {
    for (const inline of inlines) {
      if (inline.type === 'code') ranges.push(inline)
      else if ('children' in inline) addInlineCode(inline.children)
    }
  }
  const addCode = (block: Block): void => {
    if (block.type === 'code_block') ranges.push(block)
    else if (block.type === 'quote') block.blocks.forEach(addCode)
    else if (block.type === 'list') for (const item of block.items) item.blocks.forEach(addCode)
    else for (const { inlines } of listTextBlocks([block])) addInlineCode(inlines)
  }
  blocks.forEach(addCode)
  return ranges
}
