import {
  type Autolink,
  escapeLeadingBlanks,
  escapeMarkdown,
  type Inline,
  type Link,
  type Text,
  type TextBlock,
  type VisibleOptions,
} from '@engineer-chat/markdown'
import type { FindingCounter } from './finding-counter.ts'
import { type DisplayedAddress, isMisleading, type LinkDisplay } from './links.ts'
import { createRangeCheck, listPlainAddresses, listPossibleMarkup, type TextRange, toSourcePosition } from './prose.ts'

/** Describes a replacement: `text` replaces the source from `start` to `end`. All else stays byte for byte. */
export interface Edit {
  start: number
  end: number
  text: string
}

/** Matches the tags with which a page can load or send something: `<img`, `<SCRIPT`, `<form`. Captures the name. */
const LOADING_TAG =
  /^<(img|image|picture|source|video|audio|iframe|object|embed|link|script|style|svg|input|form|meta|base)\b/i
/** Matches what a renderer can take for markup in an address. */
const MARKUP_IN_ADDRESS = /[*~[\]<>`|\\]|&[#a-z]|_$/i

/** This many characters at the beginning of a tag are enough to find its name in `LOADING_TAG`. */
const MAX_TAG_CHARACTERS = 20
/** A finding shows at most this much of a misleading link's text. */
const MAX_LINK_TEXT_CHARACTERS = 80

/** Creates functions that return what readers see instead of a link, an image or an address. */
export function createVisibleOptions(linkDisplay: LinkDisplay): Required<VisibleOptions> {
  const toVisibleAddress = (address: string): string => toTextWithoutBackticks(linkDisplay.toDisplayed(address))
  return {
    link(link, linkText) {
      const address = toVisibleAddress(link.address)
      if (linkText.trim() === '') return link.type === 'image' ? `(${address})` : address
      // In `linkText`, an address that must not be opened is changed already.
      return showsOwnAddress(link, toPlainText(link.children)) ? address : `${linkText.trim()} (${address})`
    },
    autolink: ({ address }) => toVisibleAddress(address),
    text: ({ value }) => {
      let out = ''
      let copiedTo = 0
      for (const { start, end, displayed } of linkDisplay.listDisplayedAddresses(value)) {
        out += value.slice(copiedTo, start) + toTextWithoutBackticks(displayed)
        copiedTo = end
      }
      return out + value.slice(copiedTo)
    },
  }
}

const showsOwnAddress = ({ type, address }: Link, linkText: string): boolean =>
  type === 'link' && linkText.trim() === address

/** Replaces backticks by `'`. An address may be written as code, and a backtick would end this code. */
const toTextWithoutBackticks = ({ text }: DisplayedAddress): string => text.replaceAll('`', "'")

/** Creates the edits of a single paragraph, heading or cell and counts their findings. */
export class TextBlockEditor {
  readonly #edits: Edit[] = []
  readonly #source: string
  readonly #isCell: boolean
  readonly #linkDisplay: LinkDisplay
  readonly #counter: FindingCounter
  /** Holds the start of each address that code follows without a blank. */
  readonly #startsBeforeCode = new Set<number>()
  #hasWrittenCode = false

  constructor(source: string, isCell: boolean, linkDisplay: LinkDisplay, counter: FindingCounter) {
    this.#source = source
    this.#isCell = isCell
    this.#linkDisplay = linkDisplay
    this.#counter = counter
  }

  createEdits({ inlines }: TextBlock): Edit[] {
    this.#findAddressesBeforeCode(inlines)
    this.#walk(inlines)
    if (this.#hasWrittenCode) this.#escapeBackticks(inlines)
    return this.#edits.sort((a, b) => a.start - b.start || a.end - b.end)
  }

  /**
   * Finds the addresses that code follows with no blank and no `<` in between. Some renderers read such an address on
   * into the code. The loop begins at the last address. If there is no blank, `<` or code between an address and the
   * next one, both get the same result.
   */
  #findAddressesBeforeCode(inlines: Inline[]): void {
    let isBeforeCode = false
    let nextStart = this.#source.length
    for (const { start, end } of listAddressPositions(inlines).reverse()) {
      for (let position = end; position < nextStart; position += 1) {
        const character = this.#source[position] ?? ''
        if (character !== '`' && !/[\s<]/.test(character)) continue
        isBeforeCode = character === '`'
        break
      }
      if (isBeforeCode) this.#startsBeforeCode.add(start)
      nextStart = start
    }
  }

  #walk(inlines: Inline[]): void {
    for (const [index, inline] of inlines.entries()) {
      if (inline.type === 'text') this.#rewriteText(inline, inlines[index + 1])
      else if (inline.type === 'autolink') this.#rewriteAutolink(inline)
      else if (inline.type === 'link' || inline.type === 'image') this.#rewriteLink(inline)
      else if ('children' in inline) this.#walk(inline.children)
    }
  }

  #rewriteText(text: Text, next: Inline | undefined): void {
    const rangesAsCode: TextRange[] = []
    for (const { start, end, displayed } of this.#linkDisplay.listDisplayedAddresses(text.value)) {
      const sourceStart = toSourcePosition(text, start)
      const recorded = this.#recordAddress(displayed, sourceStart)
      if (!recorded.isCode) continue
      this.#addEdit(sourceStart, toSourcePosition(text, end), this.#writeAddress(recorded))
      rangesAsCode.push({ start, end })
    }
    const isInAddressAsCode = createRangeCheck(rangesAsCode)
    for (const { kind, start, end, reference } of listPossibleMarkup(this.#source, text, next)) {
      if (isInAddressAsCode(start)) continue
      if (kind === 'tag') this.#recordTag(text.value.slice(start, start + MAX_TAG_CHARACTERS))
      this.#addEdit(toSourcePosition(text, start), toSourcePosition(text, end), reference)
    }
  }

  #recordTag(tag: string): void {
    const tagName = LOADING_TAG.exec(tag)?.[1]
    if (tagName !== undefined) this.#counter.add('html', tagName)
  }

  #rewriteAutolink({ start, end, address }: Autolink): void {
    this.#addEdit(start, end, this.#writeAddress(this.#recordAddress(this.#linkDisplay.toDisplayed(address), start)))
  }

  #rewriteLink(link: Link): void {
    const { start, end, address, textSpan, type, children } = link
    const linkText = toPlainText(children)
    const displayed = this.#linkDisplay.toDisplayed(address)
    const { example } = displayed
    if (type === 'image') this.#counter.add('remote_image', example)
    else if (isMisleading(linkText, address))
      this.#counter.add('misleading_link', `${linkText.slice(0, MAX_LINK_TEXT_CHARACTERS)} → ${example}`)
    const written = this.#writeAddress(this.#recordAddress(displayed, start))
    if (linkText.trim() === '' || showsOwnAddress(link, linkText)) {
      this.#addEdit(start, end, type === 'image' ? `(${written})` : written)
      return
    }
    const [textStart, textEnd] = this.#trimBlanks(textSpan.start, textSpan.end)
    this.#addEdit(start, textStart, '')
    this.#walk(children)
    this.#addEdit(textEnd, end, ` (${written})`)
  }

  #trimBlanks(from: number, to: number): [start: number, end: number] {
    let [start, end] = [from, to]
    while (start < end && this.#source[start] === ' ') start += 1
    while (end > start && this.#source[end - 1] === ' ') end -= 1
    return [start, end]
  }

  /** Counts the finding of an address, if any. Returns how the address is shown: as code, too, if code follows it. */
  #recordAddress(displayed: DisplayedAddress, start: number): DisplayedAddress {
    if (displayed.kind !== 'plain') this.#counter.add(displayed.kind, displayed.example)
    return this.#startsBeforeCode.has(start) ? { ...displayed, isCode: true } : displayed
  }

  /** Returns an address as Markdown: as code if it must not be opened, or if it can be taken for markup. */
  #writeAddress(displayed: DisplayedAddress): string {
    const text = toTextWithoutBackticks(displayed)
    if (!displayed.isCode && !MARKUP_IN_ADDRESS.test(text)) return text
    this.#hasWrittenCode = true
    return `\`${this.#isCell ? text.replaceAll('|', '\\|') : text}\``
  }

  #addEdit(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text })
  }

  /** Escapes the backticks of plain text, because each would pair with a backtick of an edit. */
  #escapeBackticks(inlines: Inline[]): void {
    for (const inline of inlines) {
      if ('children' in inline) this.#escapeBackticks(inline.children)
      if (inline.type !== 'text') continue
      for (const { index } of inline.value.matchAll(/`/g)) {
        const position = toSourcePosition(inline, index)
        // A backtick that the source has in an escaped form stays as it is.
        if (this.#source[position] === '`') this.#addEdit(position, position + 1, '&#96;')
      }
    }
  }
}

/** Lists where the source has bare addresses, links, images and autolinks, in order. */
function listAddressPositions(inlines: Inline[]): { start: number; end: number }[] {
  return inlines.flatMap((inline) => {
    if (inline.type === 'text') {
      return listPlainAddresses(inline.value).map(({ start, end }) => ({
        start: toSourcePosition(inline, start),
        end: toSourcePosition(inline, end),
      }))
    }
    if ('address' in inline) return [{ start: inline.start, end: inline.end }]
    return 'children' in inline ? listAddressPositions(inline.children) : []
  })
}

/** Returns the visible text of inline nodes. A link has no address in it, and no address is defanged. */
const toPlainText = (inlines: Inline[]): string =>
  inlines
    .map((inline) => {
      if ('children' in inline) {
        const childrenText = toPlainText(inline.children)
        return inline.type === 'image' && childrenText.trim() === '' ? `(${inline.address})` : childrenText
      }
      return inline.type === 'break' ? ' ' : inline.type === 'autolink' ? inline.address : inline.value
    })
    .join('')

/** Creates an edit of a whole text block that removes all markup except code. It replaces edits with a wrong result. */
export function createMarkupRemoval(
  source: string,
  { start, end, inlines }: TextBlock,
  options: Required<VisibleOptions>,
): Edit {
  const toEscapedText = (children: Inline[]): string =>
    children
      .map((inline) => {
        if (inline.type === 'code' || inline.type === 'break') return source.slice(inline.start, inline.end)
        if (inline.type === 'text') return escapeMarkdown(options.text(inline))
        if (inline.type === 'autolink') return escapeMarkdown(options.autolink(inline))
        if (inline.type !== 'link' && inline.type !== 'image') return toEscapedText(inline.children)
        const linkText = toPlainText(inline.children)
        const address = escapeMarkdown(options.autolink({ ...inline, type: 'autolink' }))
        if (linkText.trim() === '') return inline.type === 'image' ? `&#40;${address}&#41;` : address
        if (showsOwnAddress(inline, linkText)) return address
        return `${toEscapedText(inline.children).trim()} &#40;${address}&#41;`
      })
      .join('')
  return { start, end, text: escapeLeadingBlanks(toEscapedText(inlines)) }
}
