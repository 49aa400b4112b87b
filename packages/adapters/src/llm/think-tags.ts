import type { LlmPiece } from '@engineer-chat/chat/models'
import { type CodeState, type OpenEnd, skipCode, startOfText } from './markdown-code.ts'

/** Is what a stream yields before its finish. */
export type SpokenText = Exclude<LlmPiece, { type: 'finish' }>

export interface ThinkTags {
  push(text: string): SpokenText[]
  /** Ends the text and returns what was held back. */
  end(): SpokenText[]
}

/**
 * Separates a model's thinking from its answer where the server leaves it in the content, in tags that chunks may split. A
 * tag counts before and in the answer, but not in code, where the answer quotes it. At most a thousand undecided characters
 * are held back, so the time is linear and the outcome never depends on the splits.
 */
export const createThinkTagParser = (): ThinkTags => new TagReader()

const NAMES = ['think', 'thinking', 'thought', 'reasoning', 'seed:think']
/** Models and their templates mark thinking with these tags: Qwen and DeepSeek, Sky-T1, Magistral, Kimi-VL. */
const OPENING = [...NAMES.map((name) => `<${name}>`), '<|begin_of_thought|>', '[THINK]', '◁think▷']
const CLOSING = [...NAMES.map((name) => `</${name}>`), '<|end_of_thought|>', '[/THINK]', '◁/think▷']
const TAGS = [...OPENING, ...CLOSING]
/** Blanks that a model writes before the end of its tag: `<think >`. */
const MAX_TAG_BLANKS = 8
const LONGEST = Math.max(...TAGS.map(({ length }) => length)) + MAX_TAG_BLANKS
/** A pair of tags stands within a line; a longer one counts as not closed. */
const MAX_PAIR_CHARACTERS = 1_000

const toPattern = (tag: string): string =>
  /\w>$/.test(tag) ? `${RegExp.escape(tag.slice(0, -1))}[ \\t]{0,${MAX_TAG_BLANKS}}>` : RegExp.escape(tag)
const toAlternatives = (tags: string[]): string => tags.map(toPattern).join('|')
const TAG = new RegExp(toAlternatives(TAGS), 'iy')
const CLOSE = new RegExp(toAlternatives(CLOSING), 'i')
/** Code, a tag or a new line may begin at these characters. */
const SPECIAL = /[`\n\\<[◁]/g

/** Blanks at the start of a line that make it code in Markdown. */
const INDENT = /^(?: {0,3}\t| {4})/
const MAX_INDENT = 200

class TagReader implements ThinkTags {
  #mode: 'before' | 'thinking' | 'answer' = 'before'
  #held = ''
  #code: CodeState = startOfText()
  /** Whether something of the answer was given out since it began. */
  #hasAnswered = false
  /** What is read as thinking behind a tag within the answer: it is the answer's own text if no tag closes it. */
  #doubtful: string[] | undefined
  #out: SpokenText[] = []

  push(text: string): SpokenText[] {
    this.#held += text
    const said = this.#run(false)
    if (said.length > 0 || text === '') return said
    // An empty piece shows that the stream is alive while the text is held back.
    return [{ type: this.#mode === 'thinking' ? 'reasoning' : 'text', text: '' }]
  }

  end(): SpokenText[] {
    const said = this.#run(true)
    const doubtful = this.#doubtful?.join('') ?? ''
    this.#doubtful = undefined
    return doubtful === '' ? said : [...said, { type: 'text', text: doubtful }]
  }

  #run(isOver: boolean): SpokenText[] {
    this.#out = []
    for (let goesOn = true; goesOn && this.#held !== ''; ) goesOn = this.#step(isOver)
    return this.#out
  }

  #step(isOver: boolean): boolean {
    if (this.#mode === 'before') return this.#before(isOver)
    return this.#mode === 'thinking' ? this.#thinking(isOver) : this.#answer(isOver)
  }

  #say(type: 'text' | 'reasoning', length: number): void {
    const text = this.#held.slice(0, length)
    if (text !== '') this.#out.push({ type, text })
    if (type === 'text') this.#hasAnswered ||= text.trim() !== ''
    else this.#doubtful?.push(text)
    this.#held = this.#held.slice(length)
  }

  #drop(length: number): void {
    this.#held = this.#held.slice(length)
  }

  #startOver(): void {
    this.#mode = 'before'
    this.#code = startOfText()
    this.#doubtful = undefined
  }

  /** White space before an answer belongs to neither, but for the indent of code in its first line. */
  #before(isOver: boolean): boolean {
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

  #thinking(isOver: boolean): boolean {
    const close = CLOSE.exec(this.#held)
    this.#say('reasoning', close ? close.index : this.#held.length - (isOver ? 0 : beginningOfClose(this.#held)))
    if (!close) return false
    this.#drop(close[0].length)
    this.#startOver()
    return true
  }

  /** Reads until a tag changes the mode or the text ends. */
  #answer(isOver: boolean): boolean {
    for (let at = 0; ; ) {
      if (at >= this.#held.length) return this.#stop(at)
      const next = skipCode(this.#held, at, this.#code, isOver)
      if (next === 'open_end') return this.#stop(at)
      if (next > at) {
        at = next
        continue
      }
      const tag = readTag(this.#held, at, isOver)
      if (tag === 'open_end') return this.#stop(at)
      if (tag) {
        const found = this.#tagInAnswer(tag, at, isOver)
        if (found !== 'text') return found === 'read'
      }
      this.#code.place = 'inside'
      SPECIAL.lastIndex = at + 1
      at = SPECIAL.test(this.#held) ? SPECIAL.lastIndex - 1 : this.#held.length
    }
  }

  #stop(at: number): false {
    this.#say('text', at)
    return false
  }

  #tagInAnswer({ length, isClosing }: Tag, at: number, isOver: boolean): 'read' | 'text' | OpenEnd {
    if (isClosing) {
      this.#say('text', at)
      this.#drop(length)
      this.#out.push({ type: 'retract' })
      this.#hasAnswered = false
      this.#startOver()
      return 'read'
    }
    if (this.#code.place !== 'inside') {
      this.#say('text', at)
      if (this.#hasAnswered) this.#doubtful = [this.#held.slice(0, length)]
      this.#drop(length)
      this.#mode = 'thinking'
      return 'read'
    }
    const window = this.#held.slice(at + length, at + length + MAX_PAIR_CHARACTERS)
    const close = CLOSE.exec(window)
    if (!close) {
      if (isOver || window.length === MAX_PAIR_CHARACTERS) return 'text'
      this.#say('text', at)
      return 'open_end'
    }
    this.#say('text', at)
    this.#drop(length)
    this.#say('reasoning', close.index)
    this.#drop(close[0].length)
    return 'read'
  }
}

interface Tag {
  length: number
  isClosing: boolean
}

/** Compares without creating strings, because every `<` of an answer is checked. */
function readTag(text: string, at: number, isOver: boolean): Tag | undefined | OpenEnd {
  TAG.lastIndex = at
  if (TAG.test(text)) {
    const tag = text.slice(at, TAG.lastIndex)
    const isToken = tag.startsWith('[') // Such a tag is one token of its model and has one spelling.
    if (isToken && tag !== tag.toUpperCase()) return undefined
    return { length: tag.length, isClosing: CLOSING.includes(isToken ? tag : withoutBlanks(tag).toLowerCase()) }
  }
  if (isOver || text.length - at >= LONGEST) return undefined
  const begun = text.slice(at)
  return isBegun(begun.startsWith('[') ? begun : begun.toLowerCase(), TAGS) ? 'open_end' : undefined
}

const withoutBlanks = (tag: string): string => tag.replace(/[ \t]+(?=>?$)/, '')

/** Whether a text may go on as one of the tags; blanks stand only behind a whole name. */
function isBegun(begun: string, tags: readonly string[]): boolean {
  const name = withoutBlanks(begun)
  return name === begun ? tags.some((tag) => tag.startsWith(begun)) : /\w$/.test(name) && tags.includes(`${name}>`)
}

const CLOSING_IN_SMALL_LETTERS = CLOSING.map((tag) => tag.toLowerCase())

/** Counts the characters at the end that may begin a closing tag. */
function beginningOfClose(text: string): number {
  for (let length = Math.min(LONGEST - 1, text.length); length > 0; length--) {
    if (isBegun(text.slice(text.length - length).toLowerCase(), CLOSING_IN_SMALL_LETTERS)) return length
  }
  return 0
}
