import type { Block, List, Quote } from './nodes.ts'
import type { OpenLeaf } from './open-leaf.ts'

/** Describes an open block that holds other blocks. Its node grows with each added block. */
export type Container =
  | { kind: 'document'; blocks: Block[] }
  | { kind: 'quote'; blocks: Block[]; node: Quote }
  /** A line that is indented by at least `width` columns continues the item. */
  | { kind: 'item'; blocks: Block[]; node: List; width: number }

/** Maps each list to the character that marks its items. */
export type MarkerCharacters = WeakMap<List, string>

/** Copies the open blocks, so that the copies can change without the originals. Closed blocks are shared. */
export function copyContainers(
  stack: Container[],
  leaf: OpenLeaf | undefined,
  markerCharacters: MarkerCharacters,
): Container[] {
  const copies: Container[] = []
  for (const container of stack) copies.push(copyContainer(container, copies.at(-1)?.blocks ?? [], markerCharacters))
  const innermost = copies.at(-1)?.blocks ?? []
  const last = innermost.at(-1)
  // The next line may add an item to the list.
  if (last?.type === 'list' && !leaf) replaceLast(innermost, copyList(last, markerCharacters))
  return copies
}

function copyContainer(container: Container, parentBlocks: Block[], markerCharacters: MarkerCharacters): Container {
  const blocks = [...container.blocks]
  if (container.kind === 'document') return { kind: 'document', blocks }
  if (container.kind === 'quote') {
    const node = { ...container.node, blocks }
    replaceLast(parentBlocks, node)
    return { kind: 'quote', blocks, node }
  }
  const node = copyList(container.node, markerCharacters)
  replaceLast(node.items, { ...node.items.at(-1), blocks })
  replaceLast(parentBlocks, node)
  return { kind: 'item', blocks, node, width: container.width }
}

function copyList(list: List, markerCharacters: MarkerCharacters): List {
  const copy = { ...list, items: [...list.items] }
  markerCharacters.set(copy, markerCharacters.get(list) ?? '')
  return copy
}

function replaceLast<T>(items: T[], last: T): void {
  if (items.length > 0) items[items.length - 1] = last
}

/** Copies the leaf and its list of lines or rows. TypeScript needs the two equal branches, as their types differ. */
export function copyLeaf(leaf: OpenLeaf): OpenLeaf {
  if (leaf.kind === 'table') return { kind: 'table', table: { ...leaf.table, rows: [...leaf.table.rows] } }
  return leaf.kind === 'code' ? { ...leaf, lines: [...leaf.lines] } : { ...leaf, lines: [...leaf.lines] }
}
