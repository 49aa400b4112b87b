import { BlockReader, listCode, type Span } from '@engineer-chat/markdown'
import type { ReplyStream } from '../../shared/index.ts'
import type { TextTransform } from '../redaction/restorer.ts'

/** Matches the end of a text if it may be the beginning of a mark. */
const MARK_START = /(?:!|\r|<\/?[a-z]{0,7})$/i
/** Matches what a page loads by itself, and the characters that decide whether it is in code. */
const MARKS =
  /(?<line>\r\n|\r|\n)|(?<tick>`)|(?<doubt>\t| {4}|~{3})|!\[|<\/?(?:img|image|picture|source|video|audio|iframe|object|embed|link|script|style|svg|input|form|meta|base)(?![a-z])/gi
/**
 * A match can begin at most this many characters before the new piece: four blanks are the longest mark that is not
 * held back by `MARK_START`.
 */
const CARRIED_CHARACTERS = 3
/**
 * Lines are read when their length reaches this part of the text before them. Each read copies the whole text; with
 * this limit, the total length of all copies stays linear.
 */
const MIN_GROWTH = 1 / 64

/** Describes a mark that makes a page load something, unless it is in code. */
interface LoadingMark {
  position: number
  isImage: boolean
  lineStart: number
  /** This is the position of the last backtick before the mark. */
  lastTick: number
  /** If true, the mark's line may be indented code or open a fence. */
  isDoubtful: boolean
}

/**
 * Creates a filter for an answer that is still being written. It breaks up what a page loads by itself, keeps code
 * byte for byte, and waits where only a later line decides what is code. The final text replaces its links.
 */
export function createStreamFilter(): TextTransform {
  return new StreamFilter()
}

class StreamFilter implements TextTransform {
  /** Holds the end of the received text if it may be the beginning of a mark. */
  #held = ''
  #carried = ''
  /** Counts the characters that were searched for marks. */
  #length = 0
  #lineStart = 0
  #lastTick = -1
  #lastDoubt = -1
  /** Holds the text that is not shown yet. It begins with the first mark that is not decided. */
  #pending = ''
  /** This is the position of the pending text in the answer. */
  #pendingAt = 0
  #undecided: LoadingMark[] = []
  readonly #code: Span[] = []
  #nextCode = 0
  readonly #reader = new BlockReader('', (leaf) => this.#code.push(...listCode([leaf])))
  #source = ''
  #unread: string[] = []
  /** The lines before this position are read. */
  #readTo = 0

  push(text: string): string {
    const all = this.#held + text
    const from = MARK_START.exec(all)?.index ?? all.length
    this.#held = all.slice(from)
    return this.#add(all.slice(0, from))
  }

  end(): string {
    const rest = this.#held
    this.#held = ''
    const shown = this.#add(rest)
    this.#readLines(this.#length)
    this.#reader.finish()
    return shown + this.#show()
  }

  #add(text: string): string {
    if (text === '') return ''
    const isWaiting = this.#undecided.length > 0
    this.#findMarks(text)
    this.#pending += text
    this.#unread.push(text)
    if (this.#undecided.length === 0) return this.#show()
    const unread = this.#lineStart - this.#readTo
    const isDue = unread > 0 && unread >= this.#readTo * MIN_GROWTH
    if (isDue) this.#readLines(this.#lineStart)
    return isDue || !isWaiting ? this.#show() : ''
  }

  #findMarks(text: string): void {
    const offset = this.#length - this.#carried.length
    for (const { 0: mark, index, groups } of (this.#carried + text).matchAll(MARKS)) {
      const position = offset + index
      const end = position + mark.length
      if (end <= this.#length) continue
      if (groups?.line) this.#lineStart = end
      else if (groups?.tick) this.#lastTick = position
      else if (groups?.doubt) this.#lastDoubt = position
      else {
        this.#undecided.push({
          position,
          isImage: mark === '![',
          lineStart: this.#lineStart,
          lastTick: this.#lastTick,
          isDoubtful: this.#lastDoubt >= this.#lineStart,
        })
      }
    }
    this.#length += text.length
    this.#carried = (this.#carried + text).slice(-CARRIED_CHARACTERS)
  }

  #readLines(to: number): void {
    this.#source += this.#unread.join('')
    this.#unread = []
    this.#reader.extend(this.#source)
    let start = this.#readTo
    for (const { 0: ending, index } of this.#source.slice(start, to).matchAll(/\r\n|\r|\n/g)) {
      this.#reader.readLine(start, this.#readTo + index)
      start = this.#readTo + index + ending.length
    }
    if (start < to) this.#reader.readLine(start, to)
    this.#readTo = to
  }

  /** Returns the text before the first mark that is not decided. */
  #show(): string {
    let out = ''
    let from = 0
    let decided = 0
    for (const mark of this.#undecided) {
      const isCode = this.#isCode(mark)
      if (isCode === undefined) break
      decided += 1
      if (isCode) continue
      const index = mark.position - this.#pendingAt
      out += this.#pending.slice(from, index) + (mark.isImage ? '!&#91;' : '&lt;')
      from = index + (mark.isImage ? 2 : 1)
    }
    if (decided > 0) this.#undecided = this.#undecided.slice(decided)
    const to = (this.#undecided[0]?.position ?? this.#length) - this.#pendingAt
    if (to === 0) return ''
    out += this.#pending.slice(from, to)
    this.#pending = this.#pending.slice(to)
    this.#pendingAt += to
    return out
  }

  /** Returns true for a mark in code, and undefined if a later line decides. */
  #isCode({ position, lineStart, lastTick, isDoubtful }: LoadingMark): boolean | undefined {
    const { openBlock } = this.#reader
    if (position >= this.#readTo) {
      // The line of the mark is not read yet. The mark is text only if no code can begin before it in its block.
      const isText = lineStart === this.#readTo && openBlock?.kind !== 'fence' && !isDoubtful
      return isText && lastTick < Math.min(lineStart, openBlock?.start ?? lineStart) ? false : undefined
    }
    if (!openBlock || position < openBlock.start) {
      // The block of the mark has ended, so all of its code is known.
      while ((this.#code[this.#nextCode]?.end ?? Number.POSITIVE_INFINITY) <= position) this.#nextCode += 1
      return (this.#code[this.#nextCode]?.start ?? Number.POSITIVE_INFINITY) <= position
    }
    if (openBlock.kind === 'fence') return true
    return openBlock.kind === 'text' && lastTick < openBlock.start ? false : undefined
  }
}

/** Filters a reply's stream with `createStreamFilter`. */
export function filterReplyStream(live: ReplyStream): ReplyStream {
  const filter = createStreamFilter()
  const append = (text: string) => {
    if (text !== '') live.append(text)
  }
  return {
    append: (text) => append(filter.push(text)),
    end() {
      append(filter.end())
      live.end()
    },
  }
}
