import type { LlmPiece } from '@engineer-chat/chat/models'
import { type CodeState, createCodeState, type OpenEnd, skipCode } from './markdown-code.ts'

/** Describes what a stream yields before its finish. */
export type TextPiece = Exclude<LlmPiece, { type: 'finish' }>

export interface ThinkTags {
  push(text: string): TextPiece[]
  /** Ends the text and returns what was held back. */
  end(): TextPiece[]
}

/**
 * Separates a model's thinking from its answer if the server leaves it in the content, in tags that chunks may split.
 * A tag counts before and in the answer, but not in code, where the answer quotes it. At most 1000 undecided
 * characters are held back, so the time is linear and the result never depends on the splits.
 */
export const createThinkTagParser = (): ThinkTags => new TagReader()

const NAMES = ['think', 'thinking', 'thought', 'reasoning', 'seed:think']
/** Models and their templates mark thinking with these tags: Qwen and DeepSeek, Sky-T1, Magistral, Kimi-VL. */
const OPENING = [...NAMES.map((name) => `<${name}>`), '<|begin_of_thought|>', '[THINK]', '◁think▷']
const CLOSING = [...NAMES.map((name) => `</${name}>`), '<|end_of_thought|>', '[/THINK]', '◁/think▷']
const TAGS = [...OPENING, ...CLOSING]
/** A model may write this many blanks before the end of its tag: `<think >`. */
const MAX_TAG_BLANKS = 8
const MAX_TAG_CHARACTERS = Math.max(...TAGS.map(({ length }) => length)) + MAX_TAG_BLANKS
/** A tag in the middle of a line counts only if its closing tag follows within this many characters. */
const MAX_PAIR_CHARACTERS = 1_000

const toPattern = (tag: string): string =>
  /\w>$/.test(tag) ? `${RegExp.escape(tag.slice(0, -1))}[ \\t]{0,${MAX_TAG_BLANKS}}>` : RegExp.escape(tag)
const toAlternatives = (tags: string[]): string => tags.map(toPattern).join('|')
const TAG = new RegExp(toAlternatives(TAGS), 'iy')
const CLOSE = new RegExp(toAlternatives(CLOSING), 'i')
/** Code, a tag or a new line may begin at these characters. */
const SPECIAL = /[`\n\\<[◁]/g

/** Matches the blanks at the start of a line that make it code in Markdown. */
const INDENT = /^(?: {0,3}\t| {4})/
const MAX_INDENT = 200

class TagReader implements ThinkTags {
  #mode: 'before' | 'thinking' | 'answer' = 'before'
  #held = ''
  #code: CodeState = createCodeState()
  /** True means that a part of the answer was returned. */
  #hasAnswered = false
  /**
   * Holds text that is read as thinking after a tag within the answer. It belongs to the answer if no tag closes it.
   */
  #unclosed: string[] | undefined
  #pieces: TextPiece[] = []

  push(text: string): TextPiece[] {
    this.#held += text
    const pieces = this.#run(false)
    if (pieces.length > 0 || text === '') return pieces
    // An empty piece shows that the stream is alive while the text is held back.
    return [{ type: this.#mode === 'thinking' ? 'reasoning' : 'text', text: '' }]
  }

  end(): TextPiece[] {
    const pieces = this.#run(true)
    const unclosed = this.#unclosed?.join('') ?? ''
    this.#unclosed = undefined
    return unclosed === '' ? pieces : [...pieces, { type: 'text', text: unclosed }]
  }

  #run(isOver: boolean): TextPiece[] {
    this.#pieces = []
    for (let canContinue = true; canContinue && this.#held !== ''; ) canContinue = this.#step(isOver)
    return this.#pieces
  }

  /** Returns true if there may be more to read in the text that is held. */
  #step(isOver: boolean): boolean {
    if (this.#mode === 'before') return this.#readBefore(isOver)
    return this.#mode === 'thinking' ? this.#readThinking(isOver) : this.#readAnswer(isOver)
  }

  #emit(type: 'text' | 'reasoning', length: number): void {
    const text = this.#held.slice(0, length)
    if (text !== '') this.#pieces.push({ type, text })
    if (type === 'text') this.#hasAnswered ||= text.trim() !== ''
    else this.#unclosed?.push(text)
    this.#held = this.#held.slice(length)
  }

  #drop(length: number): void {
    this.#held = this.#held.slice(length)
  }

  #startOver(): void {
    this.#mode = 'before'
    this.#code = createCodeState()
    this.#unclosed = undefined
  }

  /** Drops white space before an answer, except the indent of code in its first line. */
  #readBefore(isOver: boolean): boolean {
    const text = this.#held.trimStart()
    const blanks = this.#held.slice(0, this.#held.length - text.length)
    const line = blanks.slice(blanks.lastIndexOf('\n') + 1).slice(0, MAX_INDENT)
    const indent = text === '' || INDENT.test(line) ? line : ''
    this.#held = indent + text
    if (text === '') return false
    const tag = readTag(text, 0, isOver)
    if (tag === 'open_end') return false
    if (tag) this.#drop(indent.length + tag.length)
    if (!tag?.isClosing) this.#mode = tag ? 'thinking' : 'answer'
    return true
  }

  #readThinking(isOver: boolean): boolean {
    const close = CLOSE.exec(this.#held)
    this.#emit('reasoning', close ? close.index : this.#held.length - (isOver ? 0 : countClosePrefix(this.#held)))
    if (!close) return false
    this.#drop(close[0].length)
    this.#startOver()
    return true
  }

  /** Reads until a tag changes the mode or the text ends. */
  #readAnswer(isOver: boolean): boolean {
    for (let offset = 0; ; ) {
      if (offset >= this.#held.length) return this.#stop(offset)
      const next = skipCode(this.#held, offset, this.#code, isOver)
      if (next === 'open_end') return this.#stop(offset)
      if (next > offset) {
        offset = next
        continue
      }
      const tag = readTag(this.#held, offset, isOver)
      if (tag === 'open_end') return this.#stop(offset)
      if (tag) {
        const found = this.#readTagInAnswer(tag, offset, isOver)
        if (found !== 'text') return found === 'read'
      }
      this.#code.place = 'within_line'
      SPECIAL.lastIndex = offset + 1
      offset = SPECIAL.test(this.#held) ? SPECIAL.lastIndex - 1 : this.#held.length
    }
  }

  #stop(offset: number): false {
    this.#emit('text', offset)
    return false
  }

  #readTagInAnswer({ length, isClosing }: Tag, offset: number, isOver: boolean): 'read' | 'text' | OpenEnd {
    // The tag that began the thinking was missing: what was sent as the answer is taken back.
    if (isClosing) {
      this.#emit('text', offset)
      this.#drop(length)
      this.#pieces.push({ type: 'retract' })
      this.#hasAnswered = false
      this.#startOver()
      return 'read'
    }
    if (this.#code.place !== 'within_line') {
      this.#emit('text', offset)
      if (this.#hasAnswered) this.#unclosed = [this.#held.slice(0, length)]
      this.#drop(length)
      this.#mode = 'thinking'
      return 'read'
    }
    const window = this.#held.slice(offset + length, offset + length + MAX_PAIR_CHARACTERS)
    const close = CLOSE.exec(window)
    if (!close) {
      if (isOver || window.length === MAX_PAIR_CHARACTERS) return 'text'
      this.#emit('text', offset)
      return 'open_end'
    }
    this.#emit('text', offset)
    this.#drop(length)
    this.#emit('reasoning', close.index)
    this.#drop(close[0].length)
    return 'read'
  }
}

interface Tag {
  length: number
  isClosing: boolean
}

/** Compares without creating strings, because every `<` of an answer is checked. */
function readTag(text: string, offset: number, isOver: boolean): Tag | undefined | OpenEnd {
  TAG.lastIndex = offset
  if (TAG.test(text)) {
    const tag = text.slice(offset, TAG.lastIndex)
    const isToken = tag.startsWith('[') // Such a tag is one token of its model and has one spelling.
    if (isToken && tag !== tag.toUpperCase()) return undefined
    return { length: tag.length, isClosing: CLOSING.includes(isToken ? tag : removeBlanks(tag).toLowerCase()) }
  }
  if (isOver || text.length - offset >= MAX_TAG_CHARACTERS) return undefined
  const beginning = text.slice(offset)
  return isTagPrefix(beginning.startsWith('[') ? beginning : beginning.toLowerCase(), TAGS) ? 'open_end' : undefined
}

const removeBlanks = (tag: string): string => tag.replace(/[ \t]+(?=>?$)/, '')

/** Returns true if the text may continue as one of the tags. Blanks come only after a whole name. */
function isTagPrefix(beginning: string, tags: readonly string[]): boolean {
  const name = removeBlanks(beginning)
  return name === beginning
    ? tags.some((tag) => tag.startsWith(beginning))
    : /\w$/.test(name) && tags.includes(`${name}>`)
}

const LOWER_CASE_CLOSING = CLOSING.map((tag) => tag.toLowerCase())

/** Counts the characters at the end that may begin a closing tag. */
function countClosePrefix(text: string): number {
  for (let length = Math.min(MAX_TAG_CHARACTERS - 1, text.length); length > 0; length--) {
    if (isTagPrefix(text.slice(text.length - length).toLowerCase(), LOWER_CASE_CLOSING)) return length
  }
  return 0
}
