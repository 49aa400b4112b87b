import {
  type Block,
  escapeMarkdownLines,
  type Inline,
  type Leaf,
  listLeaves,
  parseMarkdown,
  toVisibleBlocks,
} from '@engineer-chat/markdown'
import type { FilterFinding } from '@engineer-chat/protocol'
import { FindingCounter } from './finding-counter.ts'
import { createVisibleOptions, type Edit, LeafEditor, listAddresses, removeMarkup } from './leaf-edits.ts'
import { type LinkContext, LinkDisplay } from './links.ts'

export interface FilterContext extends LinkContext {
  /** Holds the marker of the prompt's fences, or an empty string if the prompt has no fences. */
  fenceMarker: string
}

export interface FilteredText {
  text: string
  /** Lists the kinds of findings, each with its count and a few examples. */
  findings: FilterFinding[]
}

/** Readers see this where a model repeated a fence's marker. No renderer takes it for markup. */
export const FENCE_WORD = '‹fence›'

/**
 * The filter reads its own output again, because an edit can change what the Markdown around it means. Two
 * passes are nearly always enough.
 */
const MAX_PASSES = 6

/**
 * Filters an answer: nothing is loaded from elsewhere, every link is written out, the incident's addresses cannot be
 * opened, and HTML is shown as text. Visible text and code stay as the model wrote them. Filtering the result again
 * changes nothing.
 */
export function filterAnswer(text: string, context: FilterContext): FilteredText {
  const findings = new FindingCounter()
  const links = new LinkDisplay(context)
  let out = rewrite(replaceFenceMarker(text, context.fenceMarker, findings), links, findings)
  for (let pass = 1; pass < MAX_PASSES; pass += 1) {
    // This pass finds again what the first one has counted, so its findings are not used.
    const rewritten = rewrite(out, links, new FindingCounter())
    if (rewritten === out) return { text: out, findings: findings.list() }
    out = rewritten
  }
  return {
    text: escapeMarkdownLines(toVisibleBlocks(parseMarkdown(out), createVisibleOptions(links))),
    findings: findings.list(),
  }
}

/**
 * Edits the text and reads the result again. If the result shows unexpected text or holds a link, the edited paragraphs
 * are written without markup. If that does not help either, all paragraphs are written without markup, and at last the
 * whole text, including its code.
 */
function rewrite(source: string, links: LinkDisplay, findings: FindingCounter): string {
  const blocks = parseMarkdown(source)
  const options = createVisibleOptions(links)
  const leaves = listLeaves(blocks)
  links.searchHosts(leaves.flatMap(({ inlines }) => listAddresses(inlines)))
  const tableCells = new Set(listCells(blocks))
  const edits = leaves.map((leaf) => new LeafEditor(source, tableCells.has(leaf), links, findings).listEdits(leaf))
  if (edits.every(({ length }) => length === 0)) return source
  const expected = toVisibleBlocks(blocks, options)
  const createEditWithoutMarkup = (leaf: Leaf): Edit => removeMarkup(source, leaf, options)
  const attempts = [
    () => edits.flat(),
    () => leaves.flatMap((leaf, index) => (edits[index]?.length ? [createEditWithoutMarkup(leaf)] : [])),
    () => leaves.map(createEditWithoutMarkup),
  ]
  for (const attempt of attempts) {
    const out = applyEdits(source, attempt())
    if (showsOnlyExpected(out, expected)) return out
  }
  return escapeMarkdownLines(expected)
}

/** Returns true if a text shows what it should and holds nothing that can be opened or loaded. */
function showsOnlyExpected(text: string, expected: string): boolean {
  const blocks = parseMarkdown(text)
  return (
    trimLines(toVisibleBlocks(blocks)) === trimLines(expected) &&
    !listLeaves(blocks).some(({ inlines }) => inlines.some(hasLink))
  )
}

/** Removes the blanks at both ends of each line, because readers do not see them. */
const trimLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')

const hasLink = (inline: Inline): boolean =>
  inline.type === 'link' ||
  inline.type === 'image' ||
  inline.type === 'autolink' ||
  ('children' in inline && inline.children.some(hasLink))

function listCells(blocks: Block[]): Leaf[] {
  return blocks.flatMap((block) => {
    if (block.type === 'table') return listLeaves([block])
    if (block.type === 'quote') return listCells(block.blocks)
    return block.type === 'list' ? block.items.flatMap((item) => listCells(item.blocks)) : []
  })
}

function applyEdits(source: string, edits: Edit[]): string {
  let out = ''
  let end = 0
  for (const edit of edits) {
    out += source.slice(end, edit.start) + edit.text
    end = edit.end
  }
  return out + source.slice(end)
}

/** Replaces a repeated marker by `FENCE_WORD`. */
export function replaceFenceMarker(text: string, marker: string, findings: FindingCounter): string {
  if (marker === '' || !text.includes(marker)) return text
  findings.add('mark_repeated', 'the mark of the data')
  return text
    .replaceAll(`<<<${marker}`, FENCE_WORD)
    .replaceAll(`${marker}>>>`, FENCE_WORD)
    .replaceAll(marker, FENCE_WORD)
}
