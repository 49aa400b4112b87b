import { BlockReader, listCodeRanges, type Span } from '@engineer-chat/markdown'
import type { ReplyStream } from '../../shared/index.ts'
import type { TextTransform } from '../redaction/restorer.ts'

/** Matches the end of a text if it may be the beginning of a mark, such as `!` or `<scr`, or of the line end `\r\n`. */
const MARK_START = /(?:!|\r|<\/?[a-z]{0,7})$/i
/**
 * Matches the marks that make a page load something (`![`, `<img`, `</script`). The named groups match line ends and
 * beginnings of code, because they decide whether a mark is in code.
 */
const MARK_OR_CODE_START =
  /(?<line>\r\n|\r|\n)|(?<backtick>`)|(?<indentOrFence>\t| {4}|~{3})|!\[|<\/?(?:img|image|picture|source|video|audio|iframe|object|embed|link|script|style|svg|input|form|meta|base)(?![a-z])/gi
/**
 * The last characters of the searched text are searched again with the next text, because a match may begin in them.
 * Three are enough: four blanks are the longest match whose beginning `MARK_START` does not hold back.
 */
const CARRIED_CHARACTERS = 3
/**
 * The block reader gets the new lines when their length is at least this fraction of the text that it has read. The
 * whole text is copied each time that it gets lines. This limit keeps the total length of all copies linear.
 */
const MIN_GROWTH = 1 / 64

/** Describes a mark that makes a page load something, unless the mark is in code. All positions are in the answer. */
interface LoadingMark {
  position: number
  /** If true, the mark is `![`. An HTML tag such as `<img` is none. */
  isMarkdownImage: boolean
  /** Holds the position where the mark's line begins. */
  lineStart: number
  /** Holds the position of the last backtick before the mark, or -1. */
  lastBacktick: number
  /**
   * If true, a tab, four blanks or `~~~` stands before the mark in its line, so the line may be code. A fence of
   * backticks is found by `lastBacktick`.
   */
  mayBeCodeLine: boolean
}

/**
 * Creates a filter for an answer that is still being written. It escapes the marks that make a page load something, and
 * keeps code byte for byte. If only a later line decides whether a mark is in code, the text from the mark on
 * waits for that line. The filter leaves links as they are; they are replaced only in the final text.
 */
export function createStreamFilter(): TextTransform {
  return new StreamFilter()
}

class StreamFilter implements TextTransform {
  /** Holds the end of the received text if it may be the beginning of a mark. */
  #heldText = ''
  /** Holds the last `CARRIED_CHARACTERS` of the searched text. */
  #carriedText = ''
  /** Counts the characters that were searched for marks. */
  #searchedLength = 0
  /** Holds the position where the last line begins. */
  #lineStart = 0
  /** Holds the position of the last backtick, or -1. */
  #lastBacktick = -1
  /** Holds the position of the last tab, four blanks or `~~~`, which may begin a line of code, or -1. */
  #lastIndentOrFence = -1
  /** Holds the text that is not shown yet. After each call it is empty or begins with the first undecided mark. */
  #pending = ''
  /** Holds the position of the pending text in the answer. */
  #pendingStart = 0
  /** Lists the marks of the pending text. It is not decided yet whether they are in code. */
  #undecidedMarks: LoadingMark[] = []
  /** Lists the code blocks and code spans of the blocks that have ended. */
  readonly #codeRanges: Span[] = []
  /** Holds the index of the first code range that may contain the next mark. The ranges before it end earlier. */
  #codeRangeIndex = 0
  readonly #blockReader = new BlockReader('', (leaf) => this.#codeRanges.push(...listCodeRanges([leaf])))
  /** Holds the text that the block reader was given. It may have read only a part of it. */
  #readerText = ''
  /** Holds the texts that follow `#readerText` in the answer. */
  #textsAfterReader: string[] = []
  /** The block reader has read the lines before this position. */
  #readEnd = 0

  push(text: string): string {
    const availableText = this.#heldText + text
    const heldStart = MARK_START.exec(availableText)?.index ?? availableText.length
    this.#heldText = availableText.slice(heldStart)
    return this.#add(availableText.slice(0, heldStart))
  }

  end(): string {
    const heldText = this.#heldText
    this.#heldText = ''
    const shown = this.#add(heldText)
    this.#readLines(this.#searchedLength)
    this.#blockReader.finish()
    return shown + this.#takeDecidedText()
  }

  #add(text: string): string {
    if (text === '') return ''
    const wasWaiting = this.#undecidedMarks.length > 0
    this.#findMarks(text)
    this.#pending += text
    this.#textsAfterReader.push(text)
    if (this.#undecidedMarks.length === 0) return this.#takeDecidedText()
    const newLinesLength = this.#lineStart - this.#readEnd
    const isDue = newLinesLength > 0 && newLinesLength >= this.#readEnd * MIN_GROWTH
    if (isDue) this.#readLines(this.#lineStart)
    // If a mark was waiting and no line was read, that mark still waits.
    return isDue || !wasWaiting ? this.#takeDecidedText() : ''
  }

  #findMarks(text: string): void {
    const offset = this.#searchedLength - this.#carriedText.length
    for (const { 0: match, index, groups } of (this.#carriedText + text).matchAll(MARK_OR_CODE_START)) {
      const position = offset + index
      const end = position + match.length
      if (end <= this.#searchedLength) continue // An earlier call found it.
      if (groups?.line) this.#lineStart = end
      else if (groups?.backtick) this.#lastBacktick = position
      else if (groups?.indentOrFence) this.#lastIndentOrFence = position
      else {
        this.#undecidedMarks.push({
          position,
          isMarkdownImage: match === '![',
          lineStart: this.#lineStart,
          lastBacktick: this.#lastBacktick,
          mayBeCodeLine: this.#lastIndentOrFence >= this.#lineStart,
        })
      }
    }
    this.#searchedLength += text.length
    this.#carriedText = (this.#carriedText + text).slice(-CARRIED_CHARACTERS)
  }

  /** Lets the block reader read the lines up to this position. The answer's last line may have no line end. */
  #readLines(end: number): void {
    this.#readerText += this.#textsAfterReader.join('')
    this.#textsAfterReader = []
    this.#blockReader.extend(this.#readerText)
    let start = this.#readEnd
    for (const { 0: ending, index } of this.#readerText.slice(start, end).matchAll(/\r\n|\r|\n/g)) {
      this.#blockReader.readLine(start, this.#readEnd + index)
      start = this.#readEnd + index + ending.length
    }
    if (start < end) this.#blockReader.readLine(start, end)
    this.#readEnd = end
  }

  /** Removes the pending text before the first undecided mark and returns it, with marks outside of code escaped. */
  #takeDecidedText(): string {
    let out = ''
    let copiedTo = 0
    let decidedCount = 0
    for (const mark of this.#undecidedMarks) {
      const isCode = this.#isInCode(mark)
      if (isCode === undefined) break
      decidedCount += 1
      if (isCode) continue
      const index = mark.position - this.#pendingStart
      out += this.#pending.slice(copiedTo, index) + (mark.isMarkdownImage ? '!&#91;' : '&lt;')
      copiedTo = index + (mark.isMarkdownImage ? 2 : 1)
    }
    if (decidedCount > 0) this.#undecidedMarks = this.#undecidedMarks.slice(decidedCount)
    const shownEnd = (this.#undecidedMarks[0]?.position ?? this.#searchedLength) - this.#pendingStart
    if (shownEnd === 0) return ''
    out += this.#pending.slice(copiedTo, shownEnd)
    this.#pending = this.#pending.slice(shownEnd)
    this.#pendingStart += shownEnd
    return out
  }

  /** Returns true for a mark in code, false for another one, and undefined if a later line decides. */
  #isInCode({ position, lineStart, lastBacktick, mayBeCodeLine }: LoadingMark): boolean | undefined {
    const { openBlock } = this.#blockReader
    if (position >= this.#readEnd) {
      // The mark's line is not read yet. The mark is certainly not in code if no code can begin before it in its block.
      const areEarlierLinesRead = lineStart === this.#readEnd
      const canBeInCodeBlock = !areEarlierLinesRead || openBlock?.kind === 'fence' || mayBeCodeLine
      const canBeInCodeSpan = lastBacktick >= Math.min(lineStart, openBlock?.start ?? lineStart)
      return canBeInCodeBlock || canBeInCodeSpan ? undefined : false
    }
    if (!openBlock || position < openBlock.start) {
      // The block of the mark has ended, so all of its code is known.
      while ((this.#codeRanges[this.#codeRangeIndex]?.end ?? Number.POSITIVE_INFINITY) <= position) {
        this.#codeRangeIndex += 1
      }
      return (this.#codeRanges[this.#codeRangeIndex]?.start ?? Number.POSITIVE_INFINITY) <= position
    }
    if (openBlock.kind === 'fence') return true
    // A mark after a backtick, or in indented code, waits until its block has ended.
    return openBlock.kind === 'text' && lastBacktick < openBlock.start ? false : undefined
  }
}

/** Filters a reply's stream with `createStreamFilter`. */
export function filterReplyStream(stream: ReplyStream): ReplyStream {
  const filter = createStreamFilter()
  const append = (text: string) => {
    if (text !== '') stream.append(text)
  }
  return {
    append: (text) => append(filter.push(text)),
    end() {
      append(filter.end())
      stream.end()
    },
  }
}
