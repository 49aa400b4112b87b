import { readCharacterReference } from '../character-references.ts'
import { getNeighbourAfter, getNeighbourBefore } from '../characters.ts'
import { CodeSpanReader } from './code-spans.ts'
import { readDestination } from './destination.ts'
import { type DelimiterRun, getFlanking, pairRuns } from './emphasis.ts'
import type { InlineToken, OpenBracket } from './tokens.ts'

/** Matches text without characters that may begin markup. */
const PLAIN = /[^\\`<[\]!&*_~\n]+/y
/** Matches an address in angle brackets, such as `<https://evil.example/a>`. */
const AUTOLINK =
  /<((?:(?:https?|ftp|mailto|tel|data|file|javascript|vbscript|blob|about):|[a-z][a-z\d+.-]{1,31}:\/\/)[^\s<>]+)>/iy
const PUNCTUATION = /[!-/:-@[-`{-~]/
/** The last match in a text decides whether the text after it belongs to an address. */
const ADDRESS_OR_BLANK =
  /:\/\/|www\.|@|[\s"'(（，。；：、\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu
const WORD_BREAK = /[\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu

/** Splits the text of a paragraph, heading or cell into tokens, from its beginning to its end. */
export class InlineReader {
  readonly #text: string
  readonly #isCell: boolean
  readonly #tokens: InlineToken[] = []
  readonly #runs: DelimiterRun[] = []
  readonly #brackets: { open: OpenBracket; runCount: number }[] = []
  readonly #codeSpans: CodeSpanReader
  /** The outer open brackets up to this depth begin no link, because they contain a link and links don't nest. */
  #linklessDepth = 0
  /** A cluster is a sequence of adjacent runs of `*`, `_` and `~`. All of them have the same neighbours. */
  #clusterEnd = 0
  #beforeCluster = getNeighbourBefore('', 0)
  #wordBreakCount = 0
  /** If true, a backtick belongs to the address before it, as in many renderers. */
  #isInAddress = false
  #position = 0

  constructor(text: string, isCell: boolean, hasLazyContinuation: boolean) {
    this.#text = text
    this.#isCell = isCell
    this.#codeSpans = new CodeSpanReader(text, isCell, hasLazyContinuation)
  }

  read(): InlineToken[] {
    while (this.#position < this.#text.length) {
      const token = this.#readNext()
      if (token.type !== 'text' && token.type !== 'run') this.#isInAddress = false
      this.#tokens.push(token)
      this.#position = token.end
    }
    pairRuns(this.#runs, 0)
    return this.#tokens
  }

  #readNext(): InlineToken {
    const text = this.#text
    const position = this.#position
    const character = text[position]
    switch (character) {
      case '\\': {
        const next = text[position + 1] ?? ''
        if (next === '|' && this.#isCell) return { type: 'text', start: position, end: position + 2, value: '|' }
        return this.#readText(PUNCTUATION.test(next) && next !== '&' ? 2 : 1)
      }
      case '`':
        return this.#readCode()
      case '<': {
        AUTOLINK.lastIndex = position
        const match = AUTOLINK.exec(text)
        if (!match) return this.#readText(1)
        return { type: 'autolink', start: position, end: position + match[0].length, address: match[1] ?? '' }
      }
      case '!':
        return text[position + 1] === '[' ? this.#openBracket(2) : this.#readText(1)
      case '[':
        return this.#openBracket(1)
      case ']':
        return this.#closeBracket()
      case '&': {
        const match = readCharacterReference(text, position)
        return match ? { type: 'text', start: position, ...match } : this.#readText(1)
      }
      case '*':
      case '_':
      case '~':
        return this.#readRun(character)
      case '\n':
        this.#wordBreakCount += 1
        return { type: 'break', start: position, end: position + 1 }
    }
    PLAIN.lastIndex = position
    return this.#readText(PLAIN.exec(text)?.[0].length ?? 1)
  }

  #readText(length: number): InlineToken {
    const value = this.#text.slice(this.#position, this.#position + length)
    this.#countWordBreaks(value)
    const last = value.match(ADDRESS_OR_BLANK)?.at(-1)
    if (last !== undefined) this.#isInAddress = last === '://' || last === 'www.' || last === '@'
    return { type: 'text', start: this.#position, end: this.#position + length, value }
  }

  #readCode(): InlineToken {
    const length = this.#codeSpans.countTicks(this.#position)
    const span = this.#isInAddress ? undefined : this.#codeSpans.read(this.#position, length)
    if (!span) return this.#readText(length)
    this.#countWordBreaks(span.value)
    return { type: 'code', start: this.#position, ...span }
  }

  #countWordBreaks(value: string): void {
    this.#wordBreakCount += value.match(WORD_BREAK)?.length ?? 0
  }

  #openBracket(length: number): InlineToken {
    const open: OpenBracket = {
      type: 'open',
      start: this.#position,
      end: this.#position + length,
      isImage: length === 2,
    }
    this.#brackets.push({ open, runCount: this.#runs.length })
    return open
  }

  #closeBracket(): InlineToken {
    const start = this.#position
    const bracket = this.#brackets.pop()
    const containsLink = this.#brackets.length < this.#linklessDepth
    this.#linklessDepth = Math.min(this.#linklessDepth, this.#brackets.length)
    if (!bracket || (containsLink && !bracket.open.isImage) || this.#text[start + 1] !== '(') return this.#readText(1)
    const match = readDestination(this.#text, start + 2)
    if (!match) return this.#readText(1)
    pairRuns(this.#runs, bracket.runCount)
    const close: InlineToken = { type: 'close', start, end: match.end, address: match.address }
    bracket.open.closing = close
    if (!bracket.open.isImage) this.#linklessDepth = this.#brackets.length
    return close
  }

  #readRun(character: DelimiterRun['character']): InlineToken {
    const start = this.#position
    let end = start + 1
    while (this.#text[end] === character) end += 1
    if (start >= this.#clusterEnd) {
      this.#beforeCluster = getNeighbourBefore(this.#text, start)
      this.#clusterEnd = end
      while ('*_~'.includes(this.#text[this.#clusterEnd] ?? ' ')) this.#clusterEnd += 1
    }
    const length = end - start
    if (character === '~' && length !== 2) return this.#readText(length)
    const after = getNeighbourAfter(this.#text, this.#clusterEnd)
    const afterNext = getNeighbourAfter(this.#text, this.#clusterEnd + after.character.length)
    const flanking = getFlanking(character, length, this.#beforeCluster, after, afterNext)
    if (!flanking.canOpen && !flanking.canClose) return this.#readText(length)
    const run: DelimiterRun = {
      type: 'run',
      character,
      start,
      end,
      remaining: length,
      ...flanking,
      openedWidths: [],
      closedWidths: [],
      wordBreakCount: this.#wordBreakCount,
    }
    this.#runs.push(run)
    return run
  }
}
