import type { LlmStreamPart } from '@engineer-chat/chat/models'
import { type CodeState, createCodeState, type NeedsMoreText, skipCode } from './markdown-code.ts'

/** Describes what a stream yields before its finish. */
export type PartBeforeFinish = Exclude<LlmStreamPart, { type: 'finish' }>

export interface ThinkTagParser {
  /** Returns the stream parts whose meaning is known with this text. */
  push(text: string): PartBeforeFinish[]
  /** Ends the text and returns what was held back. */
  end(): PartBeforeFinish[]
}

/**
 * Separates a model's thinking from its answer if the server leaves it in the content, in tags that chunks may split.
 * A tag counts before and in the answer, but not in code, where the answer quotes it. Only about 1000 undecided
 * characters are held back, so the time is linear and the result never depends on the splits.
 */
export const createThinkTagParser = (): ThinkTagParser => new TagReader()

const TAG_NAMES = ['think', 'thinking', 'thought', 'reasoning', 'seed:think']
/** Qwen and DeepSeek mark thinking with the named tags; Sky-T1, Magistral and Kimi-VL with the last three. */
const OPENING_TAGS = [...TAG_NAMES.map((name) => `<${name}>`), '<|begin_of_thought|>', '[THINK]', '◁think▷']
const CLOSING_TAGS = [...TAG_NAMES.map((name) => `</${name}>`), '<|end_of_thought|>', '[/THINK]', '◁/think▷']
const TAGS = [...OPENING_TAGS, ...CLOSING_TAGS]
/** A model may write this many blanks before the end of its tag: `<think >`. */
const MAX_TAG_BLANKS = 8
const MAX_TAG_CHARACTERS = Math.max(...TAGS.map(({ length }) => length)) + MAX_TAG_BLANKS
/**
 * An opening tag in the middle of a line of the answer counts only if a closing tag follows within this many characters.
 */
const MAX_PAIR_CHARACTERS = 1_000

/** Returns a pattern that also matches blanks before the end of a named tag, but not within `[THINK]`. */
const toPattern = (tag: string): string =>
  /\w>$/.test(tag) ? `${RegExp.escape(tag.slice(0, -1))}[ \\t]{0,${MAX_TAG_BLANKS}}>` : RegExp.escape(tag)
const toAlternatives = (tags: string[]): string => tags.map(toPattern).join('|')
const TAG = new RegExp(toAlternatives(TAGS), 'iy')
const CLOSE = new RegExp(toAlternatives(CLOSING_TAGS), 'i')
/** Code, an escape, a tag or a new line may begin at these characters. */
const SPECIAL = /[`\n\\<[◁]/g

/** Matches the blanks at the start of a line that make it code in Markdown. */
const INDENT = /^(?: {0,3}\t| {4})/
const MAX_INDENT_CHARACTERS = 200

class TagReader implements ThinkTagParser {
  #mode: 'before' | 'thinking' | 'answer' = 'before'
  /** Holds text whose meaning depends on text that has not arrived yet. */
  #undecided = ''
  #code: CodeState = createCodeState()
  /** True means that text of the answer, other than white space, was returned. */
  #hasAnswered = false
  /**
   * Holds an opening tag that came within the answer, and the text after it, which is returned as reasoning at once. If
   * no closing tag comes, all of it was a part of the answer, so `end` returns it a second time, as text.
   */
  #unclosed: string[] | undefined
  #parts: PartBeforeFinish[] = []

  push(text: string): PartBeforeFinish[] {
    this.#undecided += text
    const parts = this.#run(false)
    if (parts.length > 0 || text === '') return parts
    // A part without text shows that the stream is alive while the text is held back.
    return [{ type: this.#mode === 'thinking' ? 'reasoning' : 'text', text: '' }]
  }

  end(): PartBeforeFinish[] {
    const parts = this.#run(true)
    const unclosed = this.#unclosed?.join('') ?? ''
    this.#unclosed = undefined
    return unclosed === '' ? parts : [...parts, { type: 'text', text: unclosed }]
  }

  #run(isOver: boolean): PartBeforeFinish[] {
    this.#parts = []
    for (let canContinue = true; canContinue && this.#undecided !== ''; ) canContinue = this.#step(isOver)
    return this.#parts
  }

  /** Reads a part of the undecided text. Returns true if another step may read more of it. */
  #step(isOver: boolean): boolean {
    if (this.#mode === 'before') return this.#readBefore(isOver)
    return this.#mode === 'thinking' ? this.#readThinking(isOver) : this.#readAnswer(isOver)
  }

  #emit(type: 'text' | 'reasoning', length: number): void {
    const text = this.#undecided.slice(0, length)
    if (text !== '') this.#parts.push({ type, text })
    if (type === 'text') this.#hasAnswered ||= text.trim() !== ''
    else this.#unclosed?.push(text)
    this.#undecided = this.#undecided.slice(length)
  }

  #drop(length: number): void {
    this.#undecided = this.#undecided.slice(length)
  }

  #startOver(): void {
    this.#mode = 'before'
    this.#code = createCodeState()
    this.#unclosed = undefined
  }

  /** Drops white space before an answer, except the indent of code in its first line. */
  #readBefore(isOver: boolean): boolean {
    const text = this.#undecided.trimStart()
    const blanks = this.#undecided.slice(0, this.#undecided.length - text.length)
    const line = blanks.slice(blanks.lastIndexOf('\n') + 1).slice(0, MAX_INDENT_CHARACTERS)
    const indent = text === '' || INDENT.test(line) ? line : ''
    this.#undecided = indent + text
    if (text === '') return false
    const tag = readTag(text, 0, isOver)
    if (tag === 'needs_more_text') return false
    if (tag) this.#drop(indent.length + tag.length)
    if (!tag?.isClosing) this.#mode = tag ? 'thinking' : 'answer'
    return true
  }

  #readThinking(isOver: boolean): boolean {
    const close = CLOSE.exec(this.#undecided)
    this.#emit(
      'reasoning',
      close ? close.index : this.#undecided.length - (isOver ? 0 : countClosePrefix(this.#undecided)),
    )
    if (!close) return false
    this.#drop(close[0].length)
    this.#startOver()
    return true
  }

  /** Reads until a tag changes the mode or the text ends. */
  #readAnswer(isOver: boolean): boolean {
    for (let offset = 0; ; ) {
      if (offset >= this.#undecided.length) return this.#emitTextAndWait(offset)
      const next = skipCode(this.#undecided, offset, this.#code, isOver)
      if (next === 'needs_more_text') return this.#emitTextAndWait(offset)
      if (next > offset) {
        offset = next
        continue
      }
      const tag = readTag(this.#undecided, offset, isOver)
      if (tag === 'needs_more_text') return this.#emitTextAndWait(offset)
      if (tag) {
        const outcome = this.#readTagInAnswer(tag, offset, isOver)
        if (outcome !== 'text') return outcome === 'read'
      }
      this.#code.place = 'within_line'
      SPECIAL.lastIndex = offset + 1
      offset = SPECIAL.test(this.#undecided) ? SPECIAL.lastIndex - 1 : this.#undecided.length
    }
  }

  /** Emits the text before `offset` as text of the answer. The rest stays undecided until more text arrives. */
  #emitTextAndWait(offset: number): false {
    this.#emit('text', offset)
    return false
  }

  /** Returns `text` if the tag is only a part of the answer's text. */
  #readTagInAnswer({ length, isClosing }: Tag, offset: number, isOver: boolean): 'read' | 'text' | NeedsMoreText {
    // A closing tag without an opening one shows that the text before it was thinking, so that text is taken back.
    if (isClosing) {
      this.#emit('text', offset)
      this.#drop(length)
      this.#parts.push({ type: 'retract' })
      this.#hasAnswered = false
      this.#startOver()
      return 'read'
    }
    if (this.#code.place !== 'within_line') {
      this.#emit('text', offset)
      if (this.#hasAnswered) this.#unclosed = [this.#undecided.slice(0, length)]
      this.#drop(length)
      this.#mode = 'thinking'
      return 'read'
    }
    const window = this.#undecided.slice(offset + length, offset + length + MAX_PAIR_CHARACTERS)
    const close = CLOSE.exec(window)
    if (!close) {
      if (isOver || window.length === MAX_PAIR_CHARACTERS) return 'text'
      this.#emit('text', offset)
      return 'needs_more_text'
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

/** Compares at the offset, without a copy of the text, because every `<` of an answer is checked. */
function readTag(text: string, offset: number, isOver: boolean): Tag | undefined | NeedsMoreText {
  TAG.lastIndex = offset
  if (TAG.test(text)) {
    const tag = text.slice(offset, TAG.lastIndex)
    // `[THINK]` is one token of its model, so text in lower case opens no thinking. `CLOSE` also accepts lower case,
    // because thinking whose end is not recognized would hide the answer.
    const isToken = tag.startsWith('[')
    if (isToken && tag !== tag.toUpperCase()) return undefined
    return { length: tag.length, isClosing: CLOSING_TAGS.includes(isToken ? tag : removeBlanks(tag).toLowerCase()) }
  }
  if (isOver || text.length - offset >= MAX_TAG_CHARACTERS) return undefined
  const beginning = text.slice(offset)
  return isTagPrefix(beginning.startsWith('[') ? beginning : beginning.toLowerCase(), TAGS)
    ? 'needs_more_text'
    : undefined
}

const removeBlanks = (tag: string): string => tag.replace(/[ \t]+(?=>?$)/, '')

/** Returns true if the text may continue as one of the tags. Blanks come only after a whole name. */
function isTagPrefix(beginning: string, tags: readonly string[]): boolean {
  const name = removeBlanks(beginning)
  return name === beginning
    ? tags.some((tag) => tag.startsWith(beginning))
    : /\w$/.test(name) && tags.includes(`${name}>`)
}

const LOWER_CASE_CLOSING_TAGS = CLOSING_TAGS.map((tag) => tag.toLowerCase())

/** Counts the characters at the end that may begin a closing tag. */
function countClosePrefix(text: string): number {
  for (let length = Math.min(MAX_TAG_CHARACTERS - 1, text.length); length > 0; length--) {
    if (isTagPrefix(text.slice(text.length - length).toLowerCase(), LOWER_CASE_CLOSING_TAGS)) return length
  }
  return 0
}
