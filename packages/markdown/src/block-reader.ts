import { type Container, copyContainers, copyLeaf, type MarkerCharacters } from './containers.ts'
import { parseInlines } from './inlines/parse-inlines.ts'
import { NESTING_LIMITS } from './limits.ts'
import { LineCursor } from './line-cursor.ts'
import {
  CODE_INDENT,
  enterQuote,
  isThematicBreak,
  type Marker,
  matchFence,
  matchHeadingDepth,
  matchMarker,
  readTaskMark,
  startsWithQuote,
  trimSpanEnd,
} from './line-starts.ts'
import type { Block, Item, List, Quote } from './nodes.ts'
import { addCodeLine, addTextLine, getStart, type OpenLeaf, startIndentedCode, toBlock } from './open-leaf.ts'

/** Reads a text line by line, by the algorithm of CommonMark's appendix. ADR 21 lists what the dialect leaves out. */
export class BlockReader {
  readonly blocks: Block[]
  readonly #stack: Container[]
  readonly #onClose: (leaf: Block) => void
  #markerCharacters: MarkerCharacters = new WeakMap()
  #source: string
  #leaf: OpenLeaf | undefined

  /** Creates a reader. It calls `onClose` with each block without child blocks once no later line can change it. */
  constructor(
    source: string,
    onClose: (leaf: Block) => void = () => {},
    stack: Container[] = [{ kind: 'document', blocks: [] }],
  ) {
    this.#source = source
    this.#onClose = onClose
    this.#stack = stack
    this.blocks = stack[0]?.blocks ?? []
  }

  /** Returns the kind and the start of the open block, which the next line may continue. */
  get openBlock(): { kind: 'fence' | 'indented' | 'text'; start: number } | undefined {
    const leaf = this.#leaf
    if (!leaf) return undefined
    const start = getStart(leaf)
    if (leaf.kind !== 'code') return { kind: 'text', start }
    return { kind: leaf.fence ? 'fence' : 'indented', start }
  }

  /** Replaces the source. The lines that were read must be the same in it. */
  extend(source: string): void {
    this.#source = source
  }

  /** Returns an independent reader that continues from here. Both share the closed nodes. */
  fork(): BlockReader {
    const copy = new BlockReader(
      this.#source,
      undefined,
      copyContainers(this.#stack, this.#leaf, this.#markerCharacters),
    )
    copy.#markerCharacters = this.#markerCharacters
    copy.#leaf = this.#leaf && copyLeaf(this.#leaf)
    return copy
  }

  /** Reads a line in three steps: continues open containers, opens new ones, and adds the rest to a leaf. */
  readLine(start: number, end: number): void {
    const cursor = new LineCursor(this.#source, start, end)
    const matchedCount = this.#continueContainers(cursor)
    const isFullyMatched = matchedCount === this.#stack.length
    if (isFullyMatched && this.#continueCode(cursor)) return
    const depth = this.#stack.length
    const opened = this.#openContainers(cursor, matchedCount, isFullyMatched)
    if (opened === 'leaf') return
    // A lazy continuation line (CommonMark) continues a paragraph without the markers of its containers.
    const isLazy =
      !isFullyMatched &&
      this.#stack.length === depth &&
      this.#leaf?.kind === 'paragraph' &&
      !opened &&
      !cursor.isBlank()
    if (!isFullyMatched && !isLazy && !opened) this.#closeTo(matchedCount)
    this.#addText(cursor, isLazy)
  }

  finish(): Block[] {
    this.#closeTo(1)
    this.#closeLeaf()
    return this.blocks
  }

  get #innermost(): Block[] {
    return this.#stack.at(-1)?.blocks ?? this.blocks
  }

  /** Returns how many of the open containers the line continues, and moves the cursor past their markers. */
  #continueContainers(cursor: LineCursor): number {
    let matchedCount = 1
    for (const container of this.#stack.slice(1)) {
      if (container.kind === 'quote') {
        if (!startsWithQuote(cursor)) break
        enterQuote(cursor)
      } else if (cursor.isBlank()) {
        if (container.blocks.length === 0 && !this.#leaf) break // A blank line ends an item that is still empty.
      } else if (container.kind === 'item' && cursor.countIndentation() >= container.width)
        cursor.skipBlanks(container.width)
      else break
      matchedCount += 1
    }
    return matchedCount
  }

  #continueCode(cursor: LineCursor): boolean {
    if (this.#leaf?.kind !== 'code') return false
    const result = addCodeLine(this.#leaf, cursor)
    if (result === 'closed') this.#closeLeaf()
    return result !== 'rejected'
  }

  /** Opens the blocks that begin in this line. Returns whether there are any, or `leaf` if the whole line was read. */
  #openContainers(cursor: LineCursor, matchedCount: number, isFullyMatched: boolean): boolean | 'leaf' {
    let hasOpened = false
    let hasStar = false
    for (;;) {
      const interruptsParagraph = isFullyMatched && !hasOpened && this.#leaf?.kind === 'paragraph'
      const indent = cursor.countIndentation()
      if (cursor.isBlank()) return hasOpened
      const beginBlock = () => {
        if (!hasOpened) this.#closeTo(matchedCount)
        this.#closeLeaf()
        hasOpened = true
      }
      if (indent >= CODE_INDENT) {
        const continuesText = (this.#leaf?.kind === 'paragraph' || this.#leaf?.kind === 'table') && !hasOpened
        if (continuesText) return hasOpened
        beginBlock()
        this.#leaf = startIndentedCode(cursor)
        return 'leaf'
      }
      const textCursor = new LineCursor(this.#source, cursor.findTextStart(), cursor.end)
      if (this.#startLeaf(textCursor, indent, beginBlock)) return 'leaf'
      if (this.#stack.length > NESTING_LIMITS.containers) return hasOpened
      if (this.#source[textCursor.position] === '>') {
        beginBlock()
        enterQuote(cursor)
        this.#openQuote({ type: 'quote', start: textCursor.position, end: cursor.end, blocks: [] })
        continue
      }
      const marker = matchMarker(textCursor, interruptsParagraph)
      const isStar = this.#source[textCursor.position] === '*'
      // Only the first of several stars is a marker: a line of a crontab begins with several stars, which stay visible.
      if (!marker || (isStar && hasStar)) return hasOpened
      hasStar ||= isStar
      beginBlock()
      cursor.skipBlanks(indent)
      this.#startItem(cursor, marker, indent)
    }
  }

  #startLeaf(textCursor: LineCursor, indent: number, beginBlock: () => void): boolean {
    const code = matchFence(textCursor, indent)
    if (code) {
      beginBlock()
      this.#leaf = { kind: 'code', start: textCursor.position, end: textCursor.end, lines: [], ...code }
      return true
    }
    const depth = matchHeadingDepth(textCursor)
    if (depth > 0) {
      beginBlock()
      textCursor.advance(depth)
      const span = trimSpanEnd(this.#source, textCursor.findTextStart(), textCursor.end)
      this.#addLeaf({ type: 'heading', depth, ...span, inlines: parseInlines(this.#source, [span]) })
      return true
    }
    if (!isThematicBreak(textCursor)) return false
    beginBlock()
    this.#addLeaf({ type: 'rule', start: textCursor.position, end: textCursor.end })
    return true
  }

  #startItem(cursor: LineCursor, { length, number: firstNumber }: Marker, indent: number): void {
    const start = cursor.position
    cursor.advance(length)
    const blanks = cursor.countIndentation()
    // After more than four blanks the item begins with indented code, so only one of them belongs to the marker.
    const gap = cursor.isBlank() || blanks > CODE_INDENT ? 1 : blanks
    cursor.skipBlanks(gap)
    const previousBlock = this.#innermost.at(-1)
    const markerCharacter = this.#source[start + length - 1] ?? ''
    const list: List =
      previousBlock?.type === 'list' && this.#markerCharacters.get(previousBlock) === markerCharacter
        ? previousBlock
        : { type: 'list', start, end: cursor.end, firstNumber, items: [] }
    if (list !== previousBlock) {
      this.#markerCharacters.set(list, markerCharacter)
      this.#addBlock(list)
    }
    const item: Item = { blocks: [] }
    const isDone = readTaskMark(cursor)
    if (isDone !== undefined) item.checked = isDone
    list.items.push(item)
    this.#stack.push({ kind: 'item', blocks: item.blocks, width: indent + length + gap, node: list })
  }

  #addText(cursor: LineCursor, isLazy: boolean): void {
    const line = trimSpanEnd(this.#source, cursor.findTextStart(), cursor.end)
    const leaf = this.#leaf
    if (line.start === line.end) {
      if (leaf?.kind !== 'code') this.#closeLeaf()
    } else if (!leaf || leaf.kind === 'code') {
      this.#closeLeaf()
      this.#leaf = { kind: 'paragraph', lines: [line], hasLazyContinuation: false }
    } else {
      const table = addTextLine(leaf, this.#source, line, isLazy)
      if (!table) return
      this.#closeLeaf()
      this.#leaf = table
    }
  }

  #closeTo(depth: number): void {
    if (depth < this.#stack.length) this.#closeLeaf()
    this.#stack.length = depth
  }

  #closeLeaf(): void {
    const block = this.#leaf && toBlock(this.#leaf, this.#source)
    this.#leaf = undefined
    if (block) this.#addLeaf(block)
  }

  #addLeaf(block: Block): void {
    this.#addBlock(block)
    this.#onClose(block)
  }

  #addBlock(block: Block): void {
    this.#innermost.push(block)
    for (const container of this.#stack) {
      if (container.kind !== 'document') container.node.end = Math.max(container.node.end, block.end)
    }
  }

  #openQuote(quote: Quote): void {
    this.#addBlock(quote)
    this.#stack.push({ kind: 'quote', blocks: quote.blocks, node: quote })
  }
}
