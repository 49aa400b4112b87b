import { readAfter, readBefore } from '../characters.ts'
import { readReference } from '../references.ts'
import { CodeSpanReader } from './code-spans.ts'
import { readDestination } from './destination.ts'
import { canFlank, pairRuns, type Run } from './emphasis.ts'
import type { Open, Piece } from './pieces.ts'

const PLAIN = /[^\\`<[\]!&*_~\n]+/y
const AUTOLINK =
  /<((?:(?:https?|ftp|mailto|tel|data|file|javascript|vbscript|blob|about):|[a-z][a-z\d+.-]{1,31}:\/\/)[^\s<>]+)>/iy
const PUNCTUATION = /[!-/:-@[-`{-~]/
/** The last match in a text decides if the text behind it belongs to an address. */
const ADDRESS_OR_BLANK =
  /:\/\/|www\.|@|[\s"'(（，。；：、\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu
const APART = /[\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu

/** Cuts a leaf's text into pieces, from its beginning to its end. */
export class InlineReader {
  readonly #text: string
  readonly #isCell: boolean
  readonly #pieces: Piece[] = []
  readonly #runs: Run[] = []
  readonly #brackets: { open: Open; runs: number }[] = []
  readonly #codeSpans: CodeSpanReader
  /** No link begins below this many open brackets, because a link stands behind them and links hold no links. */
  #spent = 0
  #clusterEnd = 0
  #before = readBefore('', 0)
  #words = 0
  /** True means that a backtick behind an address is a part of it, as many renderers read it. */
  #isInAddress = false
  #at = 0

  constructor(text: string, isCell: boolean, isDoubtful: boolean) {
    this.#text = text
    this.#isCell = isCell
    this.#codeSpans = new CodeSpanReader(text, isCell, isDoubtful)
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
    const character = text[at]
    switch (character) {
      case '\\': {
        const next = text[at + 1] ?? ''
        if (next === '|' && this.#isCell) return { type: 'text', start: at, end: at + 2, value: '|' }
        return this.#readText(PUNCTUATION.test(next) && next !== '&' ? 2 : 1)
      }
      case '`':
        return this.#readCode()
      case '<': {
        AUTOLINK.lastIndex = at
        const found = AUTOLINK.exec(text)
        if (!found) return this.#readText(1)
        return { type: 'autolink', start: at, end: at + found[0].length, address: found[1] ?? '' }
      }
      case '!':
        return text[at + 1] === '[' ? this.#openBracket(2) : this.#readText(1)
      case '[':
        return this.#openBracket(1)
      case ']':
        return this.#closeBracket()
      case '&': {
        const found = readReference(text, at)
        return found ? { type: 'text', start: at, ...found } : this.#readText(1)
      }
      case '*':
      case '_':
      case '~':
        return this.#readRun(character)
      case '\n':
        this.#words += 1
        return { type: 'break', start: at, end: at + 1 }
    }
    PLAIN.lastIndex = at
    return this.#readText(PLAIN.exec(text)?.[0].length ?? 1)
  }

  #readText(length: number): Piece {
    const value = this.#text.slice(this.#at, this.#at + length)
    this.#words += value.match(APART)?.length ?? 0
    const last = value.match(ADDRESS_OR_BLANK)?.at(-1)
    if (last !== undefined) this.#isInAddress = last === '://' || last === 'www.' || last === '@'
    return { type: 'text', start: this.#at, end: this.#at + length, value }
  }

  #readCode(): Piece {
    const length = this.#codeSpans.countTicks(this.#at)
    const span = this.#isInAddress ? undefined : this.#codeSpans.read(this.#at, length)
    return span ? { type: 'code', start: this.#at, ...span } : this.#readText(length)
  }

  #openBracket(length: number): Piece {
    const open: Open = { type: 'open', start: this.#at, end: this.#at + length, isImage: length === 2 }
    this.#brackets.push({ open, runs: this.#runs.length })
    return open
  }

  #closeBracket(): Piece {
    const start = this.#at
    const bracket = this.#brackets.pop()
    const isSpent = this.#brackets.length < this.#spent
    this.#spent = Math.min(this.#spent, this.#brackets.length)
    if (!bracket || (isSpent && !bracket.open.isImage) || this.#text[start + 1] !== '(') return this.#readText(1)
    const found = readDestination(this.#text, start + 2)
    if (!found) return this.#readText(1)
    pairRuns(this.#runs, bracket.runs)
    const close: Piece = { type: 'close', start, end: found.end, address: found.address }
    bracket.open.closed = close
    if (!bracket.open.isImage) this.#spent = this.#brackets.length
    return close
  }

  #readRun(character: Run['character']): Piece {
    const start = this.#at
    let end = start + 1
    while (this.#text[end] === character) end += 1
    if (start >= this.#clusterEnd) {
      this.#before = readBefore(this.#text, start)
      this.#clusterEnd = end
      while ('*_~'.includes(this.#text[this.#clusterEnd] ?? ' ')) this.#clusterEnd += 1
    }
    const length = end - start
    if (character === '~' && length !== 2) return this.#readText(length)
    const after = readAfter(this.#text, this.#clusterEnd)
    const behind = readAfter(this.#text, this.#clusterEnd + after.character.length)
    const flanking = canFlank(character, length, this.#before, after, behind)
    if (!flanking.canOpen && !flanking.canClose) return this.#readText(length)
    const place = { type: 'run', character, start, end, left: length } as const
    const run: Run = { ...place, ...flanking, opens: [], closes: [], words: this.#words }
    this.#runs.push(run)
    return run
  }
}
