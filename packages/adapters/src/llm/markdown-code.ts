import { copyOpenBlocks, createOpenBlocks, enterLine, type OpenBlocks } from './indented-code.ts'

/** Describes the place in the Markdown up to which the text was read. */
export interface CodeState {
  /**
   * `line_start`: before the first character of a line. `only_blanks`: the line has only blanks so far. `within_line`:
   * after the first other character of the line. `code_line`: within a line of indented code.
   */
  place: 'line_start' | 'only_blanks' | 'within_line' | 'code_line'
  /** Describes the fence that opened the code, such as three backticks, until another one closes it. */
  fence: { character: string; length: number } | null
  openBlocks: OpenBlocks
}

export const createCodeState = (): CodeState => ({ place: 'line_start', fence: null, openBlocks: createOpenBlocks() })

/** The reader needs more text before it can decide. */
export type NeedsMoreText = 'needs_more_text'

/** These limits bound the text that is read again with each chunk. A longer span or run doesn't count as code. */
const MAX_SPAN_CHARACTERS = 1_000
const MAX_RUN_CHARACTERS = 100

/** Matches the blanks, quotes and list marks that may come before a fence, such as `> 1. `: at most 200 parts. */
const PREFIX = /(?:[ \t>]|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])){0,200}/y
/** Each part has at least one character, so a shorter prefix did not end at the limit of 200 parts. */
const MAX_PREFIX_PARTS = 200
/**
 * The longest list mark has ten characters: nine digits and a dot. One more is read, so that a longer text is not taken
 * for a mark whose blank has not arrived yet.
 */
const MARK_WINDOW_CHARACTERS = 11
/** Matches a list mark whose blank has not arrived yet, such as `-`, `12` or `12.`. */
const PREFIX_BEGUN = /^(?:[-+*]|\d{1,9}[.)]?)$/
/** A code span ends before a blank line, or before a line that begins a fence, a heading or a list item. */
const BLOCK_END = /\n(?=[ \t\r]*\n|[ \t>]{0,20}(?:`{3}|~{3}|#{1,6} |[-+*][ \t]|\d{1,9}[.)][ \t]))/
const BACKTICKS = /`{1,100}/y
const TILDES = /~{1,100}/y
const BACKTICK_RUNS = /`+/g
/** Matches the beginning of a line up to where a closing fence ends. The match may have no fence. */
const CLOSING_FENCE_LINE = /[ \t>]{0,20}(?:`{0,100}|~{0,100})[ \t\r]{0,100}/y

/**
 * Reads a line's prefix, code, a line end or an escape at `offset`, and returns where it ends. For anything else it
 * returns `offset`, and the caller sets `state.place` to `within_line`. `isOver` means that no more text follows. The
 * rules are CommonMark's for fences and code spans, with bounds.
 */
export function skipCode(text: string, offset: number, state: CodeState, isOver: boolean): number | NeedsMoreText {
  if (state.fence) return skipFenceContent(text, offset, state, isOver)
  if (state.place === 'code_line') return skipLine(text, offset, state)
  if (state.place === 'line_start') {
    const end = skipLineStart(text, offset, state, isOver)
    if (end !== offset) return end
  }
  const character = text[offset]
  if (character === '\n') {
    state.place = 'line_start'
    return offset + 1
  }
  if (character === '\\') {
    if (offset + 1 === text.length && !isOver) return 'needs_more_text'
    state.place = 'within_line'
    return text[offset + 1] === '\n' ? offset + 1 : Math.min(offset + 2, text.length)
  }
  if (character !== '`') return offset
  const end = findSpanEnd(text, offset, isOver)
  if (end !== 'needs_more_text') state.place = 'within_line'
  return end
}

/** Skips the prefix of a line, and the fence or the indented code that follows it. */
function skipLineStart(text: string, offset: number, state: CodeState, isOver: boolean): number | NeedsMoreText {
  const prefix = matchPattern(PREFIX, text, offset)
  const end = offset + prefix.length
  const canPrefixGrow = !isOver && prefix.length < MAX_PREFIX_PARTS
  if (canPrefixGrow && (end === text.length || PREFIX_BEGUN.test(text.slice(end, end + MARK_WINDOW_CHARACTERS))))
    return 'needs_more_text'
  // `enterLine` changes its argument. It gets a copy first: if the fence needs more text, this line is read again.
  const isIndentedCode = enterLine(prefix, text[end] ?? '', copyOpenBlocks(state.openBlocks))
  const fence = isIndentedCode ? null : readFence(text, end, isOver)
  if (fence === 'needs_more_text') return fence
  enterLine(prefix, text[end] ?? '', state.openBlocks)
  if (isIndentedCode) return skipLine(text, end, state)
  state.place = /^[ \t]*$/.test(prefix) ? 'only_blanks' : 'within_line'
  if (!fence) return end
  state.fence = fence
  state.openBlocks.isParagraph = false
  state.place = 'within_line'
  return end + fence.length
}

function readFence(text: string, offset: number, isOver: boolean): CodeState['fence'] | NeedsMoreText {
  const run = matchPattern(text[offset] === '~' ? TILDES : BACKTICKS, text, offset)
  const end = offset + run.length
  if (run !== '' && run.length < MAX_RUN_CHARACTERS && end === text.length && !isOver) return 'needs_more_text'
  if (run.length < 3) return null
  const fence = { character: run.charAt(0), length: run.length }
  if (fence.character === '~') return fence
  const info = text.slice(end, end + MAX_SPAN_CHARACTERS)
  const line = info.split('\n', 1)[0] ?? ''
  if (line.includes('`')) return null // Such a line begins with a code span.
  return line.length < info.length || info.length === MAX_SPAN_CHARACTERS || isOver ? fence : 'needs_more_text'
}

/** Skips the rest of a line in a fenced block, or the fence that closes the block. */
function skipFenceContent(text: string, offset: number, state: CodeState, isOver: boolean): number | NeedsMoreText {
  if (state.place === 'line_start' && state.fence) {
    const line = matchPattern(CLOSING_FENCE_LINE, text, offset)
    const end = offset + line.length
    if (end === text.length && !isOver && line.length < MAX_RUN_CHARACTERS) return 'needs_more_text'
    const run = line.trim().replace(/^[ \t>]+/, '')
    const isClosing = run.startsWith(state.fence.character) && run.length >= state.fence.length
    state.place = 'within_line'
    if (isClosing && (end === text.length || text[end] === '\n')) {
      state.fence = null
      return end
    }
  }
  return skipLine(text, offset, state)
}

/** Skips a line of code, or the part of it that has arrived. */
function skipLine(text: string, offset: number, state: CodeState): number {
  const newline = text.indexOf('\n', offset)
  if (newline === -1) {
    if (!state.fence) state.place = 'code_line'
    return text.length
  }
  state.place = 'line_start'
  return newline + 1
}

/** Returns the end of the code span that begins at `offset`, or of its backticks if nothing closes the span. */
function findSpanEnd(text: string, offset: number, isOver: boolean): number | NeedsMoreText {
  const { length } = matchPattern(BACKTICKS, text, offset)
  const start = offset + length
  if (start === text.length && length < MAX_RUN_CHARACTERS && !isOver) return 'needs_more_text'
  const window = text.slice(start, start + MAX_SPAN_CHARACTERS)
  const blockEnd = BLOCK_END.exec(window)?.index
  const content = window.slice(0, blockEnd)
  const isDecided = isOver || blockEnd !== undefined || window.length === MAX_SPAN_CHARACTERS
  for (const run of content.matchAll(BACKTICK_RUNS)) {
    const end = run.index + run[0].length
    if (end === content.length && !isDecided) return 'needs_more_text'
    if (run[0].length === length) return start + end
  }
  return isDecided ? start : 'needs_more_text'
}

function matchPattern(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0] ?? ''
}
