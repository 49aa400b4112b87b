import type { Inline, Text } from '@engineer-chat/markdown'

/** This module finds what a renderer can take for an address, a tag, an image or a link in an answer's prose. */

/** A run is an address and all text that follows it without a space. These characters end an address and a run. */
const NOT_IN_RUN = '\\s<>"\'`|\\\\^{}()[\\]，。；：、！？（）【】《》「」『』“”‘’'
/** Chinese, Japanese and Korean text may follow an address without a space. It ends addresses, but no runs. */
const CJK = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}'
const NOT_IN_ADDRESS = `${NOT_IN_RUN}${CJK}\\u3000-\\u303f\\uff00-\\uffef`
/** Matches the beginning of an address: a scheme (`https://`) or `www.`. */
const START = `(?:(?<![/@])(?:https?|ftp|wss?)://|(?<![\\w@./:-])www\\.(?=[^${NOT_IN_RUN}.]))`
/**
 * Matches the host of an address, up to its top-level domain, with the user before it: `user@例子.com`. A host name may
 * contain letters of the scripts in `CJK`, though these end the rest of the address. Repetitions are bounded to keep
 * the time linear.
 */
const HOST = `(?:[^${NOT_IN_ADDRESS}/@]{0,200}@)?(?:[\\w${CJK}-]{1,63}\\.){1,10}(?:[a-z][a-z\\d-]*|[${CJK}]+)`
const ADDRESS = createAddressPattern(NOT_IN_ADDRESS, HOST)
const RUN = createAddressPattern(NOT_IN_RUN, '')
const TRAILING_PUNCTUATION = ".,;:!?)]'*_"
/** Matches characters that can begin a tag, an image, a link or a definition. A `<` may end the text. */
const MARKUP_STARTS = /<(?=[a-z/!?]|$)|!(?=\[)|\](?=[(:])/gi
/** Only this many characters of a destination are checked; no scheme is longer. */
const MAX_CHECKED_CHARACTERS = 200
/** Matches a destination that a renderer may open: a path, an address with a scheme, or a text with `&` or `\`. */
const RISKY_DESTINATION = /^[ \t]*(?:[/\\<]|[a-z][a-z\d+.-]*:)|^[^\s)]*[&\\]/i
/** Matches a text after `]:` that a renderer may take for the address of a link definition. */
const DEFINITION_ADDRESS = /^[ \t]*(?:(?:https?|ftp):|\S+[ \t]*(?:["'(]|$))/i

/** Holds two indexes in the value of a text, not positions in the source. `end` is exclusive. */
export interface TextRange {
  start: number
  end: number
}

/** Finds the addresses in plain text, without the punctuation after them. */
export const listPlainAddresses = (value: string): TextRange[] => findAddresses(value, ADDRESS)

/** Finds what a renderer takes for an address if it reads on through Chinese, Japanese and Korean text. */
export const listAddressRuns = (value: string): TextRange[] => findAddresses(value, RUN)

function findAddresses(value: string, pattern: RegExp): TextRange[] {
  return Array.from(value.matchAll(pattern), ({ 0: address, index }) => {
    let end = index + address.length
    while (TRAILING_PUNCTUATION.includes(value[end - 1] ?? ' ')) end -= 1
    return { start: index, end }
  })
}

/**
 * Creates the pattern of an address that ends before one of these characters. Both parameters are parts of a regular
 * expression. If `hostPattern` is empty, the address may begin with any host.
 */
function createAddressPattern(endCharacters: string, hostPattern: string): RegExp {
  const optionalIpv6Host = '(?:\\[[\\da-f:.]{2,45}\\])?'
  const characterOrParentheses = `(?:[^${endCharacters}]|\\([^${endCharacters}]*\\))`
  const hostAndPath = hostPattern === '' ? '' : `${hostPattern}${characterOrParentheses}*|`
  return new RegExp(`${START}${optionalIpv6Host}(?:${hostAndPath}${characterOrParentheses}+)`, 'giu')
}

/** Lists every address of inline nodes: of links, images and autolinks, and bare addresses, also in a link's text. */
export const listAddresses = (inlines: Inline[]): string[] =>
  inlines.flatMap((inline) => {
    if (inline.type === 'text')
      return listPlainAddresses(inline.value).map(({ start, end }) => inline.value.slice(start, end))
    const ownAddress = 'address' in inline ? [inline.address] : []
    return 'children' in inline ? [...ownAddress, ...listAddresses(inline.children)] : ownAddress
  })

/**
 * Creates a function that returns true if a position is in one of the ranges. The ranges are in order, and no call may
 * have a lower position than the call before.
 */
export function createRangeCheck(ranges: readonly TextRange[]): (position: number) => boolean {
  let index = 0
  return (position) => {
    while ((ranges[index]?.end ?? Number.POSITIVE_INFINITY) <= position) index += 1
    return (ranges[index]?.start ?? Number.POSITIVE_INFINITY) <= position
  }
}

export interface PossibleMarkup extends TextRange {
  kind: 'tag' | 'image' | 'link' | 'definition'
  /** Holds the character reference that replaces the character of this range. A reader sees the same character. */
  reference: string
}

/**
 * Finds plain characters of a text that another renderer may read as markup, though our lexer does not. `next` is the
 * node that follows the text in the source, if there is one.
 */
export function listPossibleMarkup(source: string, text: Text, next: Inline | undefined): PossibleMarkup[] {
  const possibleMarkup: PossibleMarkup[] = []
  for (const { 0: character, index } of text.value.matchAll(MARKUP_STARTS)) {
    if (source[toSourcePosition(text, index)] !== character) continue // The source has an escape or a reference.
    const isLast = index === text.value.length - 1
    // A final `<` counts only before a link: the filter writes out the link, so its text then follows the `<` directly.
    if (character === '<' && isLast && next?.type !== 'link') continue
    const markup = classifyMarkup(text.value, index, next)
    if (markup) possibleMarkup.push(markup)
  }
  return possibleMarkup
}

function classifyMarkup(value: string, index: number, next: Inline | undefined): PossibleMarkup | undefined {
  if (value[index] === '<') return { kind: 'tag', start: index, end: index + 1, reference: '&lt;' }
  if (value[index] === '!') return { kind: 'image', start: index, end: index + 1, reference: '&#33;' }
  const destination = value.slice(index + 2, index + 2 + MAX_CHECKED_CHARACTERS)
  if (value[index + 1] === '(') {
    return RISKY_DESTINATION.test(destination)
      ? { kind: 'link', start: index + 1, end: index + 2, reference: '&#40;' }
      : undefined
  }
  const hasCodeAfterDestination = next?.type === 'code' && index + 2 + MAX_CHECKED_CHARACTERS > value.length
  // The added ` .` stands for the code, so that the destination does not seem to end the line.
  const checkedText = hasCodeAfterDestination ? `${destination} .` : destination
  const isDefinition = destination.trim() === '' || DEFINITION_ADDRESS.test(checkedText)
  return isDefinition ? { kind: 'definition', start: index + 1, end: index + 2, reference: '&#58;' } : undefined
}

/** Converts an index in the text's value to a position in the source, the answer's Markdown. */
export function toSourcePosition(text: Text, index: number): number {
  if (index >= text.value.length) return text.end
  return text.sourcePositions ? (text.sourcePositions[index] ?? text.end) : text.start + index
}
