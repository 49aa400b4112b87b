import type { Block } from '@engineer-chat/markdown'

const MAX_LEVEL = 6

/**
 * Returns the level in the page for each heading of a text; undefined for other blocks. The first heading has
 * `firstLevel`, and no heading is more than one level below the previous one. A later heading never changes the level
 * of an earlier one.
 */
export function toHeadingLevels(blocks: Block[], firstLevel: number): Array<number | undefined> {
  /** Holds the depths of the current heading and of the headings above it that contain it. */
  const openDepths: number[] = []
  return blocks.map((block) => {
    if (block.type !== 'heading') return undefined
    while ((openDepths.at(-1) ?? 0) >= block.depth) openDepths.pop()
    openDepths.push(block.depth)
    return Math.min(firstLevel + openDepths.length - 1, MAX_LEVEL)
  })
}
