import {
  type Block,
  escapeMarkdownLines,
  type Inline,
  listTextBlocks,
  parseMarkdown,
  type TextBlock,
  toVisibleBlocks,
} from '@engineer-chat/markdown'
import type { FilterFinding } from '@engineer-chat/protocol'
import { FindingCounter } from './finding-counter.ts'
import { type LinkContext, LinkDisplay } from './links.ts'
import { listAddresses } from './prose.ts'
import { createMarkupRemoval, createVisibleOptions, type Edit, TextBlockEditor } from './text-block-edits.ts'

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
 * The filter reads its own output again, because an edit can change what the Markdown around it means. The second pass
 * nearly always changes nothing. If the last pass still changes the text, all markup is removed.
 */
const MAX_PASSES = 6

/**
 * Filters an answer: nothing is loaded from elsewhere, every link is written out, the incident's addresses cannot be
 * opened, and HTML is shown as text. Other visible text and code stay as the model wrote them. Filtering the result
 * again changes nothing.
 */
export function filterAnswer(text: string, context: FilterContext): FilteredText {
  const counter = new FindingCounter()
  const linkDisplay = new LinkDisplay(context)
  let out = filterOnce(replaceFenceMarker(text, context.fenceMarker, counter), linkDisplay, counter)
  for (let pass = 2; pass <= MAX_PASSES; pass += 1) {
    // The first pass has counted all findings, so those of the later passes are not used.
    const filteredAgain = filterOnce(out, linkDisplay, new FindingCounter())
    if (filteredAgain === out) return { text: out, findings: counter.list() }
    out = filteredAgain
  }
  return {
    text: escapeMarkdownLines(toVisibleBlocks(parseMarkdown(out), createVisibleOptions(linkDisplay))),
    findings: counter.list(),
  }
}

/**
 * Edits the text once and checks the result. If the result shows unexpected text or has a link, the source is edited in
 * another way: the paragraphs, headings and cells that have edits lose their markup, or else all of them. If these
 * results are wrong too, the whole text loses its markup, including that of its code.
 */
function filterOnce(source: string, linkDisplay: LinkDisplay, counter: FindingCounter): string {
  const blocks = parseMarkdown(source)
  const options = createVisibleOptions(linkDisplay)
  const textBlocks = listTextBlocks(blocks)
  linkDisplay.searchHosts(textBlocks.flatMap(({ inlines }) => listAddresses(inlines)))
  const tableCells = new Set(listCells(blocks))
  const editsOfBlocks = textBlocks.map((block) =>
    new TextBlockEditor(source, tableCells.has(block), linkDisplay, counter).createEdits(block),
  )
  if (editsOfBlocks.every((edits) => edits.length === 0)) return source
  const expectedText = toVisibleBlocks(blocks, options)
  const createRemoval = (block: TextBlock): Edit => createMarkupRemoval(source, block, options)
  const editedBlocks = textBlocks.filter((_, index) => editsOfBlocks[index]?.length)
  const waysToEdit = [
    () => editsOfBlocks.flat(),
    () => editedBlocks.map(createRemoval),
    () => textBlocks.map(createRemoval),
  ]
  for (const createEdits of waysToEdit) {
    const out = applyEdits(source, createEdits())
    if (showsOnlyExpected(out, expectedText)) return out
  }
  return escapeMarkdownLines(expectedText)
}

/** Returns true if readers of a text see only the expected text, and if it has no Markdown link, image or autolink. */
function showsOnlyExpected(text: string, expectedText: string): boolean {
  const blocks = parseMarkdown(text)
  return (
    trimLines(toVisibleBlocks(blocks)) === trimLines(expectedText) &&
    !listTextBlocks(blocks).some(({ inlines }) => inlines.some(isOrHasLink))
  )
}

/** Removes the blanks at both ends of each line, because readers do not see them. */
const trimLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')

const isOrHasLink = (inline: Inline): boolean =>
  inline.type === 'link' ||
  inline.type === 'image' ||
  inline.type === 'autolink' ||
  ('children' in inline && inline.children.some(isOrHasLink))

/** Lists the cells of all tables, also of those in quotes and lists. */
function listCells(blocks: Block[]): TextBlock[] {
  return blocks.flatMap((block) => {
    if (block.type === 'table') return listTextBlocks([block])
    if (block.type === 'quote') return listCells(block.blocks)
    return block.type === 'list' ? block.items.flatMap((item) => listCells(item.blocks)) : []
  })
}

/** Applies edits that are in the order of the source. */
function applyEdits(source: string, edits: Edit[]): string {
  let out = ''
  let copiedTo = 0
  for (const { start, end, text } of edits) {
    out += source.slice(copiedTo, start) + text
    copiedTo = end
  }
  return out + source.slice(copiedTo)
}

/** Replaces the marker of the prompt's fences by `FENCE_WORD`. If the model repeated it, one finding is counted. */
export function replaceFenceMarker(text: string, marker: string, counter: FindingCounter): string {
  if (marker === '' || !text.includes(marker)) return text
  counter.add('mark_repeated', 'the mark of the data')
  return text
    .replaceAll(`<<<${marker}`, FENCE_WORD)
    .replaceAll(`${marker}>>>`, FENCE_WORD)
    .replaceAll(marker, FENCE_WORD)
}
