import { Cursor } from './cursor.ts'
import { parseInlines } from './inlines.ts'
import { LIMITS } from './limits.ts'
import type { Block, Item, List, Quote, Span, Table } from './nodes.ts'
import { addRow, startTable } from './table.ts'

interface Container {
  blocks: Block[]
  /** Columns that belong to a list's item; undefined for a quote and for the document. */
  width?: number
  kind: 'document' | 'quote' | 'item'
  /** The node that grows with what is put into it. */
  node?: Quote | List
}

interface OpenParagraph {
  kind: 'paragraph'
  lines: Span[]
  /** Whether a line belongs to it only because nothing else began there: renderers disagree about such lines. */
  isLazy: boolean
}

interface OpenCode {
  kind: 'code'
  start: number
  end: number
  lines: string[]
  language: string
  /** Is undefined for indented code. */
  fence?: { character: string; length: number; indent: number }
}

interface OpenTable {
  kind: 'table'
  table: Table
}

type OpenLeaf = OpenParagraph | OpenCode | OpenTable

const FENCE = /(`{3,})([^`\r\n]*)|(~{3,})([^\r\n]*)/y
const CLOSING = /(`{3,}|~{3,})[ \t]*/y
const HEADING = /(#{1,6})(?=[ \t]|$|[\r\n])/y
const RULE = /(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}/y
const MARKER = /(?:([-+*])|(\d{1,9})([.)]))(?=[ \t\r\n]|$)/y
const TASK = /\[([ xX])\][ \t]+(?=\S)/y

/** Reads a text line by line, by the algorithm of CommonMark's appendix; what this dialect leaves out stands in ADR 21. */
export class BlockReader {
  readonly blocks: Block[] = []
  readonly #source: string
  readonly #stack: Container[]
  #leaf: OpenLeaf | undefined

  constructor(source: string) {
    this.#source = source
    this.#stack = [{ kind: 'document', blocks: this.blocks }]
  }

  /** Returns true if the next line's text is known to be code. */
  get isInFence(): boolean {
    return this.#leaf?.kind === 'code' && this.#leaf.fence !== undefined
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

  #matchContainers(cursor: Cursor): number {
    let matched = 1
    for (; matched < this.#stack.length; matched += 1) {
      const container = this.#stack[matched] as Container
      if (container.kind === 'quote') {
        if (cursor.indentation() > 3 || this.#source[cursor.nextText()] !== '>' || cursor.isBlank()) break
        enterQuote(cursor)
      } else if (cursor.isBlank()) {
        if (container.blocks.length === 0 && !this.#leaf) break
      } else if (cursor.indentation() >= (container.width ?? 0)) cursor.skip(container.width ?? 0)
      else break
    }
    return matched
  }

  #continueCode(cursor: Cursor): boolean {
    const leaf = this.#leaf
    if (leaf?.kind !== 'code') return false
    if (!leaf.fence) {
      if (cursor.indentation() < 4 && !cursor.isBlank()) return false
      cursor.skip(4)
      leaf.lines.push(cursor.rest())
      if (!cursor.isBlank()) leaf.end = cursor.end
      return true
    }
    const { character, length, indent } = leaf.fence
    leaf.end = cursor.end
    if (cursor.indentation() <= 3) {
      const ahead = new Cursor(this.#source, cursor.nextText(), cursor.end)
      const closing = ahead.match(CLOSING)
      const ticks = closing?.[1] ?? ''
      if (ticks[0] === character && ticks.length >= length && ahead.pos + (closing?.[0].length ?? 0) === cursor.end) {
        this.#closeLeaf()
        return true
      }
    }
    cursor.skip(indent)
    leaf.lines.push(cursor.rest())
    return true
  }

  /** Opens what begins in this line. `leaf`: the whole line is used up. */
  #openContainers(cursor: Cursor, matched: number, isWhole: boolean): boolean | 'leaf' {
    let opened = false
    for (;;) {
      const interrupts = isWhole && !opened && this.#leaf?.kind === 'paragraph'
      const indent = cursor.indentation()
      if (cursor.isBlank()) return opened
      if (indent > 3) {
        const isText = (this.#leaf?.kind === 'paragraph' || this.#leaf?.kind === 'table') && !opened
        if (isText) return opened
        if (!opened) this.#closeTo(matched)
        this.#closeLeaf()
        this.#startIndented(cursor)
        return 'leaf'
      }
      const at = new Cursor(this.#source, cursor.nextText(), cursor.end)
      const begin = () => {
        if (!opened) this.#closeTo(matched)
        this.#closeLeaf()
        opened = true
      }
      if (this.#startLeaf(at, indent, begin)) return 'leaf'
      if (this.#stack.length > LIMITS.containers) return opened
      if (this.#source[at.pos] === '>') {
        begin()
        enterQuote(cursor)
        this.#push({ type: 'quote', start: at.pos, end: cursor.end, blocks: [] })
        continue
      }
      const marker = readMarker(at, interrupts)
      if (!marker) return opened
      begin()
      cursor.skip(indent)
      this.#startItem(cursor, marker, indent)
    }
  }

  #startLeaf(at: Cursor, indent: number, begin: () => void): boolean {
    const fence = at.match(FENCE)
    if (fence && at.pos + fence[0].length === at.end) {
      begin()
      const ticks = fence[1] ?? fence[3] ?? ''
      const language = (fence[2] ?? fence[4] ?? '').trim().split(/\s/, 1)[0] ?? ''
      this.#leaf = {
        kind: 'code',
        start: at.pos,
        end: at.end,
        lines: [],
        language,
        fence: { character: ticks[0] ?? '', length: ticks.length, indent },
      }
      return true
    }
    const heading = at.match(HEADING)
    if (heading) {
      begin()
      const depth = (heading[1] ?? '').length
      at.advance(depth)
      const span = withoutBlanks(this.#source, at.nextText(), at.end)
      this.#add({ type: 'heading', depth, ...span, inlines: parseInlines(this.#source, [span]) })
      return true
    }
    const rule = at.match(RULE)
    if (!rule || at.pos + rule[0].length !== at.end) return false
    begin()
    this.#add({ type: 'rule', start: at.pos, end: at.end })
    return true
  }

  #startIndented(cursor: Cursor): void {
    const start = cursor.nextText()
    cursor.skip(4)
    this.#leaf = { kind: 'code', start, end: cursor.end, lines: [cursor.rest()], language: '' }
  }

  #startItem(cursor: Cursor, marker: Marker, indent: number): void {
    const { length, first } = marker
    const start = cursor.pos
    cursor.advance(length)
    const blanks = cursor.indentation()
    const gap = cursor.isBlank() || blanks > 4 ? 1 : blanks
    cursor.skip(gap)
    const parent = this.#stack.at(-1) as Container
    const last = parent.blocks.at(-1)
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

  readonly #signs = new WeakMap<List, string>()

  #addText(cursor: Cursor, isLazy: boolean): void {
    const line = withoutBlanks(this.#source, cursor.nextText(), cursor.end)
    const leaf = this.#leaf
    if (line.start === line.end) {
      if (leaf?.kind !== 'code') this.#closeLeaf()
    } else if (leaf?.kind === 'table') addRow(this.#source, leaf.table, line)
    else if (leaf?.kind === 'paragraph') {
      const header = leaf.lines.at(-1)
      const table = isLazy || !header ? undefined : startTable(this.#source, header, line)
      if (!table) {
        leaf.lines.push(line)
        leaf.isLazy ||= isLazy
        return
      }
      leaf.lines.pop()
      this.#closeLeaf()
      this.#leaf = { kind: 'table', table }
    } else {
      this.#closeLeaf()
      this.#leaf = { kind: 'paragraph', lines: [line], isLazy: false }
    }
  }

  #closeTo(depth: number): void {
    if (depth < this.#stack.length) this.#closeLeaf()
    this.#stack.length = depth
  }

  #closeLeaf(): void {
    const leaf = this.#leaf
    this.#leaf = undefined
    if (leaf?.kind === 'table') this.#add(leaf.table)
    if (leaf?.kind === 'code') {
      const { start, end, language, fence } = leaf
      const value = fence ? leaf.lines.join('\n') : leaf.lines.join('\n').trimEnd()
      this.#add({ type: 'code_block', start, end, value, language })
    }
    const [first, last] = leaf?.kind === 'paragraph' ? [leaf.lines[0], leaf.lines.at(-1)] : []
    if (leaf?.kind !== 'paragraph' || !first || !last) return
    const inlines = parseInlines(this.#source, leaf.lines, { isDoubtful: leaf.isLazy })
    this.#add({ type: 'paragraph', start: first.start, end: last.end, inlines })
  }

  #add(block: Block): void {
    this.#stack.at(-1)?.blocks.push(block)
    for (const { node } of this.#stack) if (node) node.end = Math.max(node.end, block.end)
  }

  #push(quote: Quote): void {
    this.#add(quote)
    this.#stack.push({ kind: 'quote', blocks: quote.blocks, node: quote })
  }
}

interface Marker {
  length: number
  first: number | undefined
}

function readMarker(at: Cursor, interrupts: boolean): Marker | undefined {
  const found = at.match(MARKER)
  if (!found) return undefined
  const [{ length }, , digits] = found
  const first = digits === undefined ? undefined : Number.parseInt(digits, 10)
  const isEmpty = new Cursor(at.source, at.pos + length, at.end).isBlank()
  return interrupts && (isEmpty || (first !== undefined && first !== 1)) ? undefined : { length, first }
}

function enterQuote(cursor: Cursor): void {
  cursor.skip(3)
  cursor.advance(1)
  if (cursor.indentation() > 0) cursor.skip(1)
}

function withoutBlanks(source: string, start: number, to: number): Span {
  let end = to
  while (end > start && (source[end - 1] === ' ' || source[end - 1] === '\t')) end -= 1
  return { start: Math.min(start, end), end }
}
