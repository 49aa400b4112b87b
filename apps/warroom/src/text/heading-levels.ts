import type { Block } from '@engineer-chat/markdown'

const MAX_LEVEL = 6

/**
 * Gives each heading among the blocks a level of the page. The first one stands directly below the heading above the
 * text, and none is more than one level below the one before it, whatever depths its author chose. A later heading
 * never changes an earlier one's level.
 */
export function toHeadingLevels(blocks: Block[], first: number): Array<number | undefined> {
  const open: number[] = []
  return blocks.map((block) => {
    if (block.type !== 'heading') return undefined
    while ((open.at(-1) ?? 0) >= block.depth) open.pop()
    open.push(block.depth)
    return Math.min(first + open.length - 1, MAX_LEVEL)
  })
}
