import { type Block, type Inline, type Leaf, leavesOf, lex, toInertLines, visibleBlocks } from '@engineer-chat/markdown'
import type { Hit } from '@engineer-chat/protocol'
import { HitCounter } from './hits.ts'
import { type LinkContext, LinkDisplay } from './links.ts'
import { type Edit, LeafRewriter, listAddresses, toInertLeaf, writtenOut } from './rewrite.ts'

export interface FilterContext extends LinkContext {
  /** The token of the prompt's fences; empty if there was none. */
  mark: string
}

export interface FilteredAnswer {
  text: string
  /** What is worth a look: kinds, how often, and a few examples. */
  hits: Hit[]
}

/** Readers see this where a model repeated a fence's token. No renderer takes it for markup. */
export const FENCE_WORD = '‹fence›'

/** What was written may stand beside something else than before; almost every text is settled by the second pass. */
const MAX_PASSES = 6

/**
 * An answer as it may be shown: nothing in it is loaded from elsewhere, every link is written out, those that lead to the incident's own
 * addresses can't be opened, and HTML is text. What is seen stays what the model wrote; code stays byte for byte. Filtered again, it stays
 * as it is.
 */
export function filterAnswer(text: string, context: FilterContext): FilteredAnswer {
  const hits = new HitCounter()
  const links = new LinkDisplay(context)
  let out = rewrite(withoutToken(text, context.mark, hits), links, hits)
  for (let pass = 1; pass < MAX_PASSES; pass += 1) {
    const again = rewrite(out, links, new HitCounter())
    if (again === out) return { text: out, hits: hits.list() }
    out = again
  }
  return { text: toInertLines(visibleBlocks(lex(out), writtenOut(links.show))), hits: hits.list() }
}

/**
 * What is written is read again: where it would mean something else, its paragraph is written without any markup, and where that is not
 * enough, the whole text is, code included.
 */
function rewrite(source: string, links: LinkDisplay, hits: HitCounter): string {
  const blocks = lex(source)
  const { show } = links
  const options = writtenOut(show)
  const leaves = leavesOf(blocks)
  links.learn(leaves.flatMap(({ inlines }) => listAddresses(inlines)))
  const cells = new Set(cellsIn(blocks))
  const edits = leaves.map((leaf) => new LeafRewriter(source, cells.has(leaf), show, hits).rewrite(leaf))
  if (edits.every(({ length }) => length === 0)) return source
  const expected = visibleBlocks(blocks, options)
  const inert = (leaf: Leaf): Edit[] => [toInertLeaf(source, leaf, options)]
  const attempts = [
    () => edits.flat(),
    () => leaves.flatMap((leaf, index) => (edits[index]?.length ? inert(leaf) : [])),
    () => leaves.flatMap(inert),
  ]
  for (const attempt of attempts) {
    const out = apply(source, attempt())
    if (isTrue(out, expected)) return out
  }
  return toInertLines(expected)
}

/** Whether a text shows what it should, and has nothing left that could be opened or loaded. */
function isTrue(text: string, expected: string): boolean {
  const blocks = lex(text)
  return (
    trimmedLines(visibleBlocks(blocks)) === trimmedLines(expected) &&
    !leavesOf(blocks).some(({ inlines }) => inlines.some(hasLink))
  )
}

/** Blanks at the ends of lines are not seen. */
const trimmedLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')

const hasLink = (inline: Inline): boolean =>
  inline.type === 'link' ||
  inline.type === 'image' ||
  inline.type === 'autolink' ||
  ('children' in inline && inline.children.some(hasLink))

function cellsIn(blocks: Block[]): Leaf[] {
  return blocks.flatMap((block) => {
    if (block.type === 'table') return leavesOf([block])
    if (block.type === 'quote') return cellsIn(block.blocks)
    return block.type === 'list' ? block.items.flatMap((item) => cellsIn(item.blocks)) : []
  })
}

function apply(source: string, edits: Edit[]): string {
  let out = ''
  let end = 0
  for (const edit of edits) {
    out += source.slice(end, edit.start) + edit.text
    end = edit.end
  }
  return out + source.slice(end)
}

export function withoutToken(text: string, token: string, hits: HitCounter): string {
  if (token === '' || !text.includes(token)) return text
  hits.add('mark_repeated', 'the mark of the data')
  return text.replaceAll(`<<<${token}`, FENCE_WORD).replaceAll(`${token}>>>`, FENCE_WORD).replaceAll(token, FENCE_WORD)
}
