import { type Container, copyContainers, copyLeaf, type Signs } from './containers.ts'
import { Cursor } from './cursor.ts'
import { parseInlines } from './inlines/parse-inlines.ts'
import { LIMITS } from './limits.ts'
import {
  enterQuote,
  isRule,
  type Marker,
  readFence,
  readHeadingDepth,
  readMarker,
  withoutBlanks,
} from './line-starts.ts'
import type { Block, Item, List, Quote } from './nodes.ts'
import { addCodeLine, addTextLine, getStart, type OpenLeaf, startIndentedCode, toBlock } from './open-leaf.ts'

const TASK = /\[([ xX])\][ \t]+(?=\S)/y

/**
 * Reads a text line by line, by the algorithm of CommonMark's appendix. ADR 21 lists what this dialect leaves out.
 */
export class BlockReader {
  readonly blocks: Block[]
  readonly #stack: Container[]
  readonly #onClose: (leaf: Block) => void
  #signs: Signs = new WeakMap()
  #source: string
  #leaf: OpenLeaf | undefined

  /** Creates a reader. `onClose` gets each block without child blocks as soon as no later line can change it. */
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

  /** Returns the kind and the start of the block that the next line may continue. */
  get open(): { kind: 'fence' | 'indented' | 'text'; start: number } | undefined {
    const leaf = this.#leaf
    if (!leaf) return undefined
    const kind = leaf.kind !== 'code' ? 'text' : leaf.fence ? 'fence' : 'indented'
    return { kind, start: getStart(leaf) }
  }

  /** Continues with a longer text, which begins with the former one. */
  extend(source: string): void {
    this.#source = source
  }

  /** Returns an independent reader that continues from here. Both share the closed nodes. */
  fork(): BlockReader {
    const copy = new BlockReader(this.#source, undefined, copyContainers(this.#stack, this.#leaf, this.#signs))
    copy.#signs = this.#signs
    copy.#leaf = this.#leaf && copyLeaf(this.#leaf)
    return copy
  }

  line(start: number, end: number): void {
    const cursor = new Cursor(this.#source, start, end)
    const matched = this.#matchContainers(cursor)
    const isWhole = matched === this.#stack.length
    if (isWhole && this.#continueCode(cursor)) return
    const depth = this.#stack.length
    const opened = this.#openContainers(cursor, matched, isWhole)
    if (opened === 'leaf') return
    const isLazy =
      !isWhole && this.#stack.length === depth && this.#leaf?.kind === 'paragraph' && !opened && !cursor.isBlank()
    if (!isWhole && !isLazy && !opened) this.#closeTo(matched)
    this.#addText(cursor, isLazy)
  }

  end(): Block[] {
    this.#closeTo(1)
    this.#closeLeaf()
    return this.blocks
  }

  get #innermost(): Block[] {
    return this.#stack.at(-1)?.blocks ?? this.blocks
  }

  #matchContainers(cursor: Cursor): number {
    let matched = 1
    for (const container of this.#stack.slice(1)) {
      if (container.kind === 'quote') {
        if (cursor.indentation() > 3 || this.#source[cursor.nextText()] !== '>' || cursor.isBlank()) break
        enterQuote(cursor)
      } else if (cursor.isBlank()) {
        if (container.blocks.length === 0 && !this.#leaf) break
      } else if (container.kind === 'item' && cursor.indentation() >= container.width) cursor.skip(container.width)
      else break
      matched += 1
    }
    return matched
  }

  #continueCode(cursor: Cursor): boolean {
    if (this.#leaf?.kind !== 'code') return false
    const result = addCodeLine(this.#leaf, cursor)
    if (result === 'closed') this.#closeLeaf()
    return result !== 'other'
  }

  /** Opens the blocks that begin in this line. `leaf` means that the whole line was read. */
  #openContainers(cursor: Cursor, matched: number, isWhole: boolean): boolean | 'leaf' {
    let opened = false
    let isStarred = false
    for (;;) {
      const interrupts = isWhole && !opened && this.#leaf?.kind === 'paragraph'
      const indent = cursor.indentation()
      if (cursor.isBlank()) return opened
      const begin = () => {
        if (!opened) this.#closeTo(matched)
        this.#closeLeaf()
        opened = true
      }
      if (indent > 3) {
        const isText = (this.#leaf?.kind === 'paragraph' || this.#leaf?.kind === 'table') && !opened
        if (isText) return opened
        begin()
        this.#leaf = startIndentedCode(cursor)
        return 'leaf'
      }
      const at = new Cursor(this.#source, cursor.nextText(), cursor.end)
      if (this.#startLeaf(at, indent, begin)) return 'leaf'
      if (this.#stack.length > LIMITS.containers) return opened
      if (this.#source[at.pos] === '>') {
        begin()
        enterQuote(cursor)
        this.#push({ type: 'quote', start: at.pos, end: cursor.end, blocks: [] })
        continue
      }
      const marker = readMarker(at, interrupts)
      const isStar = this.#source[at.pos] === '*'
      // The stars behind the first belong to a line of a crontab, which is shown as it is.
      if (!marker || (isStar && isStarred)) return opened
      isStarred ||= isStar
      begin()
      cursor.skip(indent)
      this.#startItem(cursor, marker, indent)
    }
  }

  #startLeaf(at: Cursor, indent: number, begin: () => void): boolean {
    const code = readFence(at, indent)
    if (code) {
      begin()
      this.#leaf = { kind: 'code', start: at.pos, end: at.end, lines: [], ...code }
      return true
    }
    const depth = readHeadingDepth(at)
    if (depth > 0) {
      begin()
      at.advance(depth)
      const span = withoutBlanks(this.#source, at.nextText(), at.end)
      this.#addLeaf({ type: 'heading', depth, ...span, inlines: parseInlines(this.#source, [span]) })
      return true
    }
    if (!isRule(at)) return false
    begin()
    this.#addLeaf({ type: 'rule', start: at.pos, end: at.end })
    return true
  }

  #startItem(cursor: Cursor, { length, first }: Marker, indent: number): void {
    const start = cursor.pos
    cursor.advance(length)
    const blanks = cursor.indentation()
    const gap = cursor.isBlank() || blanks > 4 ? 1 : blanks
    cursor.skip(gap)
    const last = this.#innermost.at(-1)
    const sign = this.#source[start + length - 1] ?? ''
    const list: List =
      last?.type === 'list' && this.#signs.get(last) === sign
        ? last
        : { type: 'list', start, end: cursor.end, first, items: [] }
    if (list !== last) {
      this.#signs.set(list, sign)
      this.#add(list)
    }
    const item: Item = { blocks: [] }
    const task = cursor.match(TASK)
    if (task) {
      item.checked = task[1] !== ' '
      cursor.advance(task[0].length)
    }
    list.items.push(item)
    this.#stack.push({ kind: 'item', blocks: item.blocks, width: indent + length + gap, node: list })
  }

  #addText(cursor: Cursor, isLazy: boolean): void {
    const line = withoutBlanks(this.#source, cursor.nextText(), cursor.end)
    const leaf = this.#leaf
    if (line.start === line.end) {
      if (leaf?.kind !== 'code') this.#closeLeaf()
    } else if (!leaf || leaf.kind === 'code') {
      this.#closeLeaf()
      this.#leaf = { kind: 'paragraph', lines: [line], isLazy: false }
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
    this.#add(block)
    this.#onClose(block)
  }

  #add(block: Block): void {
    this.#innermost.push(block)
    for (const container of this.#stack) {
      if (container.kind !== 'document') container.node.end = Math.max(container.node.end, block.end)
    }
  }

  #push(quote: Quote): void {
    this.#add(quote)
    this.#stack.push({ kind: 'quote', blocks: quote.blocks, node: quote })
  }
}
