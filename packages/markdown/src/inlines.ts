import { readAfter, readBefore } from './characters.ts'
import { readDestination } from './destination.ts'
import { canFlank, pairRuns, type Run } from './emphasis.ts'
import type { Inline, Span } from './nodes.ts'
import { readReference } from './references.ts'
import { buildTree } from './tree.ts'

export interface TextPiece extends Span {
  type: 'text'
  value: string
}

export interface Open extends Span {
  type: 'open'
  isImage: boolean
  /** Where the link's words end, if it is one. */
  closed?: Close
}

export interface Close extends Span {
  type: 'close'
  address: string
}

export type Piece =
  | TextPiece
  | Run
  | Open
  | Close
  | (Span & { type: 'code'; value: string })
  | (Span & { type: 'autolink'; address: string })
  | (Span & { type: 'break' })

const PLAIN = /[^\\`<[\]!&*_~\n]+/y
const TICKS = /`+/y
const AUTOLINK =
  /<((?:(?:https?|ftp|mailto|tel|data|file|javascript|vbscript|blob|about):|[a-z][a-z\d+.-]{1,31}:\/\/)[^\s<>]+)>/iy
const DASHES = /^(?=.*\|)(?=.*-)[|:\- \t]+$/
const PUNCTUATION = /[!-/:-@[-`{-~]/
/** The last of these in a text decides whether what follows belongs to an address. */
const ADDRESS_OR_BLANK =
  /:\/\/|www\.|@|[\s"'(（，。；：、\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu
const APART = /[\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu

/** The inlines of a leaf, whose lines stand at these places of the source. */
export function parseInlines(source: string, lines: Span[], { isCell = false, isDoubtful = false } = {}): Inline[] {
  const text = lines.map(({ start, end }) => source.slice(start, end)).join('\n')
  const pieces = new InlineReader(text, isCell, isDoubtful).read()
  return buildTree(text, pieces, toSource(lines))
}

/**
 * Maps places in the joined lines to places in the source. Pieces come in order, so the search continues where it
 * stopped.
 */
function toSource(lines: Span[]): (at: number, isEnd?: boolean) => number {
  const begins: number[] = []
  let begin = 0
  for (const { start, end } of lines) {
    begins.push(begin)
    begin += end - start + 1
  }
  return (at) => {
    let low = 0
    let high = begins.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((begins[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return (lines[low]?.start ?? 0) + at - (begins[low] ?? 0)
  }
}

class InlineReader {
  readonly #text: string
  readonly #isCell: boolean
  readonly #pieces: Piece[] = []
  readonly #runs: Run[] = []
  readonly #brackets: { open: Open; runs: number }[] = []
  /** Below this many open brackets no link begins: one stands behind them already, and links hold no links. */
  #spent = 0
  readonly #ticks: Map<number, number[]>
  readonly #hasNoCode: boolean
  #clusterEnd = 0
  #before = readBefore('', 0)
  #words = 0
  /** A backtick behind an address is part of it: many renderers read it so. */
  #isInAddress = false
  #at = 0

  constructor(text: string, isCell: boolean, isDoubtful: boolean) {
    this.#text = text
    this.#isCell = isCell
    this.#ticks = runsOfTicks(text)
    const lines = isCell ? [] : text.split('\n')
    this.#hasNoCode = (isDoubtful || lines.some((line) => DASHES.test(line))) && !lines.every(hasWholeSpans)
  }

  read(): Piece[] {
    while (this.#at < this.#text.length) {
      const piece = this.#next()
      if (piece.type !== 'text' && piece.type !== 'run') this.#isInAddress = false
      this.#pieces.push(piece)
      this.#at = piece.end
    }
    pairRuns(this.#runs, 0)
    return this.#pieces
  }

  #next(): Piece {
    const text = this.#text
    const at = this.#at
    switch (text[at]) {
      case '\\': {
        const next = text[at + 1] ?? ''
        if (next === '|' && this.#isCell) return { type: 'text', start: at, end: at + 2, value: '|' }
        return this.#say(PUNCTUATION.test(next) && next !== '&' ? 2 : 1)
      }
      case '`':
        return this.#code()
      case '<': {
        AUTOLINK.lastIndex = at
        const found = AUTOLINK.exec(text)
        if (!found) return this.#say(1)
        return { type: 'autolink', start: at, end: at + found[0].length, address: found[1] ?? '' }
      }
      case '!':
        return text[at + 1] === '[' ? this.#open(2) : this.#say(1)
      case '[':
        return this.#open(1)
      case ']':
        return this.#close()
      case '&': {
        const found = readReference(text, at)
        return found ? { type: 'text', start: at, ...found } : this.#say(1)
      }
      case '*':
      case '_':
      case '~':
        return this.#run(text[at] as Run['character'])
      case '\n':
        this.#words += 1
        return { type: 'break', start: at, end: at + 1 }
    }
    PLAIN.lastIndex = at
    return this.#say(PLAIN.exec(text)?.[0].length ?? 1)
  }

  #say(length: number): Piece {
    const value = this.#text.slice(this.#at, this.#at + length)
    this.#words += value.match(APART)?.length ?? 0
    const last = value.match(ADDRESS_OR_BLANK)?.at(-1)
    if (last !== undefined) this.#isInAddress = last === '://' || last === 'www.' || last === '@'
    return { type: 'text', start: this.#at, end: this.#at + length, value }
  }

  #code(): Piece {
    const start = this.#at
    TICKS.lastIndex = start
    const length = TICKS.exec(this.#text)?.[0].length ?? 1
    if (this.#isInAddress || this.#hasNoCode) return this.#say(length)
    const closing = this.#ticks.get(length)?.pop()
    const places = this.#ticks.get(length)
    let partner = closing
    while (partner !== undefined && partner < start + length) partner = places?.pop()
    if (partner === undefined) return this.#say(length)
    const inner = this.#text.slice(start + length, partner).replaceAll('\n', ' ')
    const isPadded = inner.startsWith(' ') && inner.endsWith(' ') && /[^ ]/.test(inner)
    const unpadded = isPadded ? inner.slice(1, -1) : inner
    const value = this.#isCell ? unpadded.replaceAll('\\|', '|') : unpadded
    return { type: 'code', start, end: partner + length, value }
  }

  #open(length: number): Piece {
    const open: Open = { type: 'open', start: this.#at, end: this.#at + length, isImage: length === 2 }
    this.#brackets.push({ open, runs: this.#runs.length })
    return open
  }

  #close(): Piece {
    const start = this.#at
    const bracket = this.#brackets.pop()
    const isSpent = this.#brackets.length < this.#spent
    this.#spent = Math.min(this.#spent, this.#brackets.length)
    if (!bracket || (isSpent && !bracket.open.isImage) || this.#text[start + 1] !== '(') return this.#say(1)
    const found = readDestination(this.#text, start + 2)
    if (!found) return this.#say(1)
    pairRuns(this.#runs, bracket.runs)
    const close: Close = { type: 'close', start, end: found.end, address: found.address }
    bracket.open.closed = close
    if (!bracket.open.isImage) this.#spent = this.#brackets.length
    return close
  }

  #run(character: Run['character']): Piece {
    const start = this.#at
    let end = start + 1
    while (this.#text[end] === character) end += 1
    if (start >= this.#clusterEnd) {
      this.#before = readBefore(this.#text, start)
      this.#clusterEnd = end
      while ('*_~'.includes(this.#text[this.#clusterEnd] ?? ' ')) this.#clusterEnd += 1
    }
    if (character === '~' && end - start !== 2) return this.#say(end - start)
    const after = readAfter(this.#text, this.#clusterEnd)
    const behind = readAfter(this.#text, this.#clusterEnd + after.character.length)
    const flanking = canFlank(character, end - start, this.#before, after, behind)
    if (!flanking.canOpen && !flanking.canClose) return this.#say(end - start)
    const run: Run = {
      type: 'run',
      character,
      start,
      end,
      left: end - start,
      ...flanking,
      opens: [],
      closes: [],
      words: this.#words,
    }
    this.#runs.push(run)
    return run
  }
}

/**
 * Whether each backtick of a line has its partner in it, with no pipe between them. Where renderers disagree to what a line belongs, or whether
 * it is a row, they disagree about code that goes further.
 */
function hasWholeSpans(line: string): boolean {
  const runs = [...line.matchAll(/`+/g)]
  if (runs.length > 0 && /:\/\/|www\.|@/.test(line)) return false
  for (let at = 0; at < runs.length; at += 1) {
    const from = runs[at]
    let to = at + 1
    while (to < runs.length && runs[to]?.[0] !== from?.[0]) to += 1
    if (to === runs.length || line.slice(from?.index, runs[to]?.index).includes('|')) return false
    at = to
  }
  return true
}

/** Where runs of backticks stand, by their length, the first one last. */
function runsOfTicks(text: string): Map<number, number[]> {
  const runs = new Map<number, number[]>()
  for (const { 0: ticks, index } of text.matchAll(/`+/g)) {
    const places = runs.get(ticks.length)
    if (places) places.push(index)
    else runs.set(ticks.length, [index])
  }
  for (const places of runs.values()) places.reverse()
  return runs
}
