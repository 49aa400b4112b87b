import {
  type Autolink,
  escapeLeadingBlanks,
  escapeMarkdown,
  type Inline,
  type Leaf,
  type Link,
  type Text,
  type VisibleOptions,
} from '@engineer-chat/markdown'
import type { FindingCounter } from './finding-counter.ts'
import { type DisplayedLink, isMisleading, type LinkDisplay } from './links.ts'
import { listPlainAddresses, listPossibleMarkup, type TextRange, toSourcePosition } from './prose.ts'

/** Replaces the source's part from `start` to `end`. The parts without an edit stay byte for byte. */
export interface Edit {
  start: number
  end: number
  text: string
}

/** Matches a tag that makes a page load something by itself: `<img`, `<SCRIPT`. Captures its name. */
const LOADING_TAG =
  /^<(img|image|picture|source|video|audio|iframe|object|embed|link|script|style|svg|input|form|meta|base)\b/i
/** Matches a character of an address that can be markup. */
const MARKUP_CHARACTER = /[*~[\]<>`|\\]|&[#a-z]|!\[|_$/i

/** This many characters at the beginning of a tag are enough to find its name in `LOADING_TAG`. */
const MAX_TAG_CHARACTERS = 20
/** A finding shows at most this much of a misleading link's text. */
const MAX_LINK_TEXT_CHARACTERS = 80

/** Returns functions that write what a reader sees in the place of a link, an image or an address. */
export function createVisibleOptions(links: LinkDisplay): Required<VisibleOptions> {
  const writeAddress = (address: string): string => replaceBackticks(links.display(address))
  return {
    link(link, linkText) {
      const address = writeAddress(link.address)
      if (linkText.trim() === '') return link.type === 'image' ? `(${address})` : address
      return showsOwnAddress(link, linkText) ? address : `${linkText.trim()} (${address})`
    },
    autolink: ({ address }) => writeAddress(address),
    text: ({ value }) => {
      let out = ''
      let copiedTo = 0
      for (const { start, end, link } of links.listDisplayedLinks(value)) {
        out += value.slice(copiedTo, start) + replaceBackticks(link)
        copiedTo = end
      }
      return out + value.slice(copiedTo)
    },
  }
}

const showsOwnAddress = ({ type, address }: Link, linkText: string): boolean =>
  type === 'link' && linkText.trim() === address

/** Replaces backticks, because one would end the code that an address is written in. */
const replaceBackticks = ({ text }: DisplayedLink): string => text.replaceAll('`', "'")

/** Collects the edits of one paragraph, heading or cell. */
export class LeafEditor {
  readonly #edits: Edit[] = []
  readonly #source: string
  readonly #isCell: boolean
  readonly #links: LinkDisplay
  readonly #findings: FindingCounter
  /** Holds the positions of addresses that code follows directly. */
  readonly #addressesBesideCode = new Set<number>()
  #hasWrittenCode = false

  constructor(source: string, isCell: boolean, links: LinkDisplay, findings: FindingCounter) {
    this.#source = source
    this.#isCell = isCell
    this.#links = links
    this.#findings = findings
  }

  listEdits({ inlines }: Leaf): Edit[] {
    this.#findAddressesBesideCode(inlines)
    this.#walk(inlines)
    if (this.#hasWrittenCode) this.#escapeBackticks(inlines)
    return this.#edits.sort((a, b) => a.start - b.start || a.end - b.end)
  }

  /**
   * Finds addresses that code follows directly, because some renderers read an address up to the next blank. It starts
   * at the last address. If neither a blank nor code is between two addresses, the result of the later one applies to
   * both.
   */
  #findAddressesBesideCode(inlines: Inline[]): void {
    let isBesideCode = false
    let nextAddress = this.#source.length
    for (const { start, end } of listAddressPositions(inlines).reverse()) {
      for (let position = end; position < nextAddress; position += 1) {
        const character = this.#source[position] ?? ''
        if (character !== '`' && !/[\s<]/.test(character)) continue
        isBesideCode = character === '`'
        break
      }
      if (isBesideCode) this.#addressesBesideCode.add(start)
      nextAddress = start
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
    const addressesAsCode: TextRange[] = []
    for (const { start, end, link } of this.#links.listDisplayedLinks(text.value)) {
      const sourceStart = toSourcePosition(text, start)
      const shown = this.#recordAddress(link, sourceStart)
      if (!shown.isCode) continue
      this.#addEdit(sourceStart, toSourcePosition(text, end), this.#writeAddress(shown))
      addressesAsCode.push({ start, end })
    }
    let addressIndex = 0
    for (const { kind, start, end, reference } of listPossibleMarkup(this.#source, text, next)) {
      while ((addressesAsCode[addressIndex]?.end ?? Number.POSITIVE_INFINITY) <= start) addressIndex += 1
      if ((addressesAsCode[addressIndex]?.start ?? Number.POSITIVE_INFINITY) <= start) continue // An edit made it code.
      if (kind === 'tag') this.#recordTag(text.value.slice(start, start + MAX_TAG_CHARACTERS))
      this.#addEdit(toSourcePosition(text, start), toSourcePosition(text, end), reference)
    }
  }

  #recordTag(tag: string): void {
    const tagName = LOADING_TAG.exec(tag)?.[1]
    if (tagName !== undefined) this.#findings.add('html', tagName)
  }

  #rewriteAutolink({ start, end, address }: Autolink): void {
    this.#addEdit(start, end, this.#writeAddress(this.#recordAddress(this.#links.display(address), start)))
  }

  #rewriteLink(link: Link): void {
    const { start, end, address, textSpan, type, children } = link
    const linkText = toPlainText(children)
    const displayed = this.#links.display(address)
    const { example } = displayed
    if (type === 'image') this.#findings.add('remote_image', example)
    else if (isMisleading(linkText, address))
      this.#findings.add('misleading_link', `${linkText.slice(0, MAX_LINK_TEXT_CHARACTERS)} → ${example}`)
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

  /** Records an address's finding, if it has one, and returns its display: as code if code follows it directly. */
  #recordAddress(link: DisplayedLink, position: number): DisplayedLink {
    if (link.kind !== 'plain') this.#findings.add(link.kind, link.example)
    return this.#addressesBesideCode.has(position) ? { ...link, isCode: true } : link
  }

  #writeAddress(link: DisplayedLink): string {
    const text = replaceBackticks(link)
    if (!link.isCode && !MARKUP_CHARACTER.test(text)) return text
    this.#hasWrittenCode = true
    return `\`${this.#isCell ? text.replaceAll('|', '\\|') : text}\``
  }

  #addEdit(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text })
  }

  /** Escapes lone backticks, because each would pair with a backtick of an edit. */
  #escapeBackticks(inlines: Inline[]): void {
    for (const inline of inlines) {
      if ('children' in inline) this.#escapeBackticks(inline.children)
      if (inline.type !== 'text') continue
      for (const { index } of inline.value.matchAll(/`/g)) {
        const position = toSourcePosition(inline, index)
        if (this.#source[position] === '`') this.#addEdit(position, position + 1, '&#96;')
      }
    }
  }
}

/** Lists the positions of bare addresses and links in the source, in order. */
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

/** Lists every address of a leaf, also those within the text of a link. */
export const listAddresses = (inlines: Inline[]): string[] =>
  inlines.flatMap((inline) => {
    if (inline.type === 'text')
      return listPlainAddresses(inline.value).map(({ start, end }) => inline.value.slice(start, end))
    const ownAddress = 'address' in inline ? [inline.address] : []
    return 'children' in inline ? [...ownAddress, ...listAddresses(inline.children)] : ownAddress
  })

/** Returns the visible text of inline nodes. The addresses in it are unchanged. */
const toPlainText = (inlines: Inline[]): string =>
  inlines
    .map((inline) => {
      if ('children' in inline) {
        const linkText = toPlainText(inline.children)
        return inline.type === 'image' && linkText.trim() === '' ? `(${inline.address})` : linkText
      }
      return inline.type === 'break' ? ' ' : inline.type === 'autolink' ? inline.address : inline.value
    })
    .join('')

/** Creates an edit that removes all markup except code, for the rare leaf whose meaning another edit would change. */
export function removeMarkup(source: string, { start, end, inlines }: Leaf, options: Required<VisibleOptions>): Edit {
  const write = (children: Inline[]): string =>
    children
      .map((inline) => {
        if (inline.type === 'code' || inline.type === 'break') return source.slice(inline.start, inline.end)
        if (inline.type === 'text') return escapeMarkdown(options.text(inline))
        if (inline.type === 'autolink') return escapeMarkdown(options.autolink(inline))
        if (inline.type !== 'link' && inline.type !== 'image') return write(inline.children)
        const linkText = toPlainText(inline.children)
        const address = escapeMarkdown(options.autolink({ ...inline, type: 'autolink' }))
        if (linkText.trim() === '') return inline.type === 'image' ? `&#40;${address}&#41;` : address
        return showsOwnAddress(inline, linkText) ? address : `${write(inline.children).trim()} &#40;${address}&#41;`
      })
      .join('')
  return { start, end, text: escapeLeadingBlanks(write(inlines)) }
}
