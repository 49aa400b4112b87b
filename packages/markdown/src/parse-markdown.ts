import { BlockReader } from './block-reader.ts'
import { LINE_END } from './line-starts.ts'
import type { Block, Inline, Leaf, Span } from './nodes.ts'

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
export function listLeaves(blocks: Block[]): Leaf[] {
  const leaves: Leaf[] = []
  for (const block of blocks) {
    if (block.type === 'paragraph' || block.type === 'heading') leaves.push(block)
    else if (block.type === 'quote') leaves.push(...listLeaves(block.blocks))
    else if (block.type === 'list') for (const item of block.items) leaves.push(...listLeaves(item.blocks))
    else if (block.type === 'table') leaves.push(...block.header, ...block.rows.flat())
  }
  return leaves
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
    else for (const leaf of listLeaves([block])) addInlineCode(leaf.inlines)
  }
  blocks.forEach(addCode)
  return ranges
}
