import { BlockReader, codeIn, type Span } from '@engineer-chat/markdown'
import type { ReplyStream } from '../../shared/index.ts'
import type { TextTransform } from '../redaction/restorer.ts'

/** The end of a text that may be the beginning of what is looked for. */
const BEGUN = /(?:!|\r|<\/?[a-z]{0,7})$/i
/** What a page would fetch by itself, and what decides whether it stands in code. */
const MARKS =
  /(?<line>\r\n|\r|\n)|(?<tick>`)|(?<doubt>\t| {4}|~{3})|!\[|<\/?(?:img|image|picture|source|video|audio|iframe|object|embed|link|script|style|svg|input|form|meta|base)(?![a-z])/gi
/** As many characters of `doubt` may stand in the piece before. */
const CARRIED = 3
/** Lines are read when they are this part of what was read before: the text is copied each time, and all copies together stay linear. */
const MIN_GROWTH = 1 / 64

/** What a page would load, if it doesn't stand in code. */
interface Power {
  at: number
  isImage: boolean
  lineStart: number
  /** Where the last backtick stands before it. */
  lastTick: number
  /** Whether its line may be indented code or open a fence. */
  isDoubtful: boolean
}

/**
 * For an answer that is still being written: what a page would fetch by itself is broken up, and code stays byte for byte, as the final
 * filter leaves it. The text waits where only a later line can tell whether it is code. Links wait for the final text, which replaces this
 * one; they do nothing until somebody opens them.
 */
export function createStreamFilter(): TextTransform {
  return new StreamFilter()
}

class StreamFilter implements TextTransform {
  /** The end of what came, which may be half of a mark. */
  #held = ''
  #carried = ''
  /** How much was searched for marks. */
  #length = 0
  #lineStart = 0
  #lastTick = -1
  #lastDoubt = -1
  /** What isn't shown yet: it begins with the first power that isn't decided. */
  #pending = ''
  #pendingAt = 0
  #undecided: Power[] = []
  readonly #code: Span[] = []
  #nextCode = 0
  readonly #reader = new BlockReader('', (leaf) => this.#code.push(...codeIn([leaf])))
  #source = ''
  #unread: string[] = []
  /** Up to here the lines are read. */
  #readTo = 0

  push(text: string): string {
    const all = this.#held + text
    const from = BEGUN.exec(all)?.index ?? all.length
    this.#held = all.slice(from)
    return this.#add(all.slice(0, from))
  }

  end(): string {
    const rest = this.#held
    this.#held = ''
    const shown = this.#add(rest)
    this.#readLines(this.#length)
    this.#reader.end()
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
      const at = offset + index
      const end = at + mark.length
      if (end <= this.#length) continue
      if (groups?.line) this.#lineStart = end
      else if (groups?.tick) this.#lastTick = at
      else if (groups?.doubt) this.#lastDoubt = at
      else {
        this.#undecided.push({
          at,
          isImage: mark === '![',
          lineStart: this.#lineStart,
          lastTick: this.#lastTick,
          isDoubtful: this.#lastDoubt >= this.#lineStart,
        })
      }
    }
    this.#length += text.length
    this.#carried = (this.#carried + text).slice(-CARRIED)
  }

  #readLines(to: number): void {
    this.#source += this.#unread.join('')
    this.#unread = []
    this.#reader.extend(this.#source)
    let start = this.#readTo
    for (const { 0: ending, index } of this.#source.slice(start, to).matchAll(/\r\n|\r|\n/g)) {
      this.#reader.line(start, this.#readTo + index)
      start = this.#readTo + index + ending.length
    }
    if (start < to) this.#reader.line(start, to)
    this.#readTo = to
  }

  /** Gives the text up to the first power that isn't decided. */
  #show(): string {
    let out = ''
    let from = 0
    let decided = 0
    for (const power of this.#undecided) {
      const isCode = this.#isCode(power)
      if (isCode === undefined) break
      decided += 1
      if (isCode) continue
      const place = power.at - this.#pendingAt
      out += this.#pending.slice(from, place) + (power.isImage ? '!&#91;' : '&lt;')
      from = place + (power.isImage ? 2 : 1)
    }
    if (decided > 0) this.#undecided = this.#undecided.slice(decided)
    const to = (this.#undecided[0]?.at ?? this.#length) - this.#pendingAt
    if (to === 0) return ''
    out += this.#pending.slice(from, to)
    this.#pending = this.#pending.slice(to)
    this.#pendingAt += to
    return out
  }

  /** Undefined: a later line decides. */
  #isCode({ at, lineStart, lastTick, isDoubtful }: Power): boolean | undefined {
    const { open } = this.#reader
    if (at >= this.#readTo) {
      const isText = lineStart === this.#readTo && open?.kind !== 'fence' && !isDoubtful
      return isText && lastTick < Math.min(lineStart, open?.start ?? lineStart) ? false : undefined
    }
    if (!open || at < open.start) {
      while ((this.#code[this.#nextCode]?.end ?? Number.POSITIVE_INFINITY) <= at) this.#nextCode += 1
      return (this.#code[this.#nextCode]?.start ?? Number.POSITIVE_INFINITY) <= at
    }
    if (open.kind === 'fence') return true
    return open.kind === 'text' && lastTick < open.start ? false : undefined
  }
}

/** The same, of a reply that is followed live. */
export function filterReplyStream(live: ReplyStream): ReplyStream {
  const filter = createStreamFilter()
  const say = (text: string) => {
    if (text !== '') live.append(text)
  }
  return {
    append: (text) => say(filter.push(text)),
    end() {
      say(filter.end())
      live.end()
    },
  }
}
