import type { Block } from './nodes.ts'
import { toVisibleInlines } from './visible.ts'

/** Describes a heading that a link can name by its anchor: one that is not in a quote or list. */
export interface AnchoredHeading {
  depth: number
  title: string
  /** Identifies the heading in the document. Each heading of a document has a different anchor. */
  anchor: string
  /** Is the position in the source at which the title begins, after the `#`. */
  start: number
}

const MAX_ANCHOR_CHARACTERS = 100

/** Lists the headings of a document with their anchors, which are created in the same way as on GitHub. */
export function listHeadings(blocks: Block[]): AnchoredHeading[] {
  const used = new Map<string, number>()
  return blocks.flatMap((block) => {
    if (block.type !== 'heading') return []
    const title = toVisibleInlines(block.inlines).trim()
    return [{ depth: block.depth, title, anchor: chooseFreeAnchor(used, toAnchor(title)), start: block.start }]
  })
}

function toAnchor(title: string): string {
  const words = title.toLowerCase().replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
  // A character has one or two UTF-16 units, so the first slice keeps enough of them and limits the work.
  const anchor = [...words.slice(0, 2 * MAX_ANCHOR_CHARACTERS)].slice(0, MAX_ANCHOR_CHARACTERS).join('')
  return anchor.trim().replaceAll(' ', '-').toWellFormed() || 'section'
}

/** Appends a number to an anchor that another heading already has. */
function chooseFreeAnchor(used: Map<string, number>, anchor: string): string {
  let count = used.get(anchor) ?? 0
  let free = count === 0 ? anchor : `${anchor}-${count}`
  while (count > 0 && used.has(free)) {
    count += 1
    free = `${anchor}-${count}`
  }
  used.set(anchor, count + 1)
  used.set(free, used.get(free) ?? 1)
  return free
}
