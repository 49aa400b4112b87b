import {
  type Autolink,
  escapeLeadingBlanks,
  type Inline,
  type Leaf,
  type Link,
  type Text,
  toInert,
  type VisibleOptions,
} from '@engineer-chat/markdown'
import type { FindingCounter } from './finding-counter.ts'
import { type DisplayedLink, isMisleading, type LinkDisplay } from './links.ts'
import { findPosition, listPlainAddresses, listPossibleMarkup } from './prose.ts'

/** Replaces a part of the source. The parts without an edit stay byte for byte. */
export interface Edit {
  start: number
  end: number
  text: string
}

const LOADING_TAG =
  /^<(?:img|image|picture|source|video|audio|iframe|object|embed|link|script|style|svg|input|form|meta|base)\b/i
/** Matches the characters of an address that can be markup. */
const MARKUP = /[*~[\]<>`|\\]|&[#a-z]|!\[|_$/i

/** Returns what a reader sees in the place of a link, an image or an address. */
export function createVisibleOptions(links: LinkDisplay): Required<VisibleOptions> {
  const { display: show } = links
  return {
    link(link, linkText) {
      const shown = replaceBackticks(show(link.address))
      if (linkText.trim() === '') return link.type === 'image' ? `(${shown})` : shown
      return isAddressAsText(link, linkText) ? shown : `${linkText.trim()} (${shown})`
    },
    autolink: ({ address }) => replaceBackticks(show(address)),
    text: ({ value }) => {
      let out = ''
      let end = 0
      for (const found of links.listDisplayedLinks(value)) {
        out += value.slice(end, found.start) + replaceBackticks(found.shown)
        end = found.end
      }
      return out + value.slice(end)
    },
  }
}

const isAddressAsText = ({ type, address }: Link, linkText: string): boolean =>
  type === 'link' && linkText.trim() === address

/** Replaces backticks, because one would end the code that an address is written in. */
const replaceBackticks = ({ text }: DisplayedLink): string => text.replaceAll('`', "'")

/** Collects the edits of one paragraph, heading or cell. */
export class LeafRewriter {
  readonly edits: Edit[] = []
  readonly #source: string
  readonly #isCell: boolean
  readonly #links: LinkDisplay
  readonly #findings: FindingCounter
  readonly #addressesBesideCode = new Set<number>()
  #writesCode = false

  constructor(source: string, isCell: boolean, links: LinkDisplay, findings: FindingCounter) {
    this.#source = source
    this.#isCell = isCell
    this.#links = links
    this.#findings = findings
  }

  rewrite({ inlines }: Leaf): Edit[] {
    this.#findBesideCode(inlines)
    this.#walk(inlines)
    if (this.#writesCode) this.#escapeBackticks(inlines)
    return this.edits.sort((a, b) => a.start - b.start || a.end - b.end)
  }

  /**
   * Finds addresses that code follows directly, because some renderers read an address up to the next blank. It goes
   * from the last address to the first: if neither a blank nor code is between an address and the next one, the result
   * of the next one applies to both.
   */
  #findBesideCode(inlines: Inline[]): void {
    let isBeside = false
    let until = this.#source.length
    for (const { start, end } of listAddressPositions(inlines).reverse()) {
      for (let position = end; position < until; position += 1) {
        const character = this.#source[position] ?? ''
        if (character !== '`' && !/[\s<]/.test(character)) continue
        isBeside = character === '`'
        break
      }
      if (isBeside) this.#addressesBesideCode.add(start)
      until = start
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
    const addressesAsCode = this.#links.listDisplayedLinks(text.value).filter(({ start, end, shown: display }) => {
      const shown = this.#recordAddress(display, findPosition(text, start))
      if (shown.isCode) this.#addEdit(findPosition(text, start), findPosition(text, end), this.#writeAddress(shown))
      return shown.isCode
    })
    let addressIndex = 0
    for (const { kind, start, end, reference } of listPossibleMarkup(this.#source, text, next)) {
      while ((addressesAsCode[addressIndex]?.end ?? Number.POSITIVE_INFINITY) <= start) addressIndex += 1
      if ((addressesAsCode[addressIndex]?.start ?? Number.POSITIVE_INFINITY) <= start) continue // It is within code.
      if (kind === 'tag') this.#recordTag(text.value.slice(start, start + 20))
      this.#addEdit(findPosition(text, start), findPosition(text, end), reference)
    }
  }

  #recordTag(tag: string): void {
    if (LOADING_TAG.test(tag)) this.#findings.add('html', tag.slice(1, 12).replace(/[^a-z].*$/is, ''))
  }

  #rewriteAutolink({ start, end, address }: Autolink): void {
    this.#addEdit(start, end, this.#writeAddress(this.#recordAddress(this.#links.display(address), start)))
  }

  #rewriteLink(link: Link): void {
    const { start, end, address, textSpan, type, children } = link
    const linkText = toPlainText(children)
    const display = this.#links.display(address)
    const { example } = display
    if (type === 'image') this.#findings.add('remote_image', example)
    else if (isMisleading(linkText, address))
      this.#findings.add('misleading_link', `${linkText.slice(0, 80)} → ${example}`)
    const shown = this.#writeAddress(this.#recordAddress(display, start))
    if (linkText.trim() === '' || isAddressAsText(link, linkText)) {
      this.#addEdit(start, end, type === 'image' ? `(${shown})` : shown)
      return
    }
    const [from, to] = this.#trim(textSpan.start, textSpan.end)
    this.#addEdit(start, from, '')
    this.#walk(children)
    this.#addEdit(to, end, ` (${shown})`)
  }

  #trim(start: number, end: number): [number, number] {
    let [from, to] = [start, end]
    while (from < to && this.#source[from] === ' ') from += 1
    while (to > from && this.#source[to - 1] === ' ') to -= 1
    return [from, to]
  }

  /**
   * Records an address's finding, if it has one. Returns how to write the address: if code follows directly, it is
   * written as code, too.
   */
  #recordAddress(shown: DisplayedLink, position: number): DisplayedLink {
    if (shown.kind !== 'plain') this.#findings.add(shown.kind, shown.example)
    return this.#addressesBesideCode.has(position) ? { ...shown, isCode: true } : shown
  }

  #writeAddress(shown: DisplayedLink): string {
    const text = replaceBackticks(shown)
    if (!shown.isCode && !MARKUP.test(text)) return text
    this.#writesCode = true
    return `\`${this.#isCell ? text.replaceAll('|', '\\|') : text}\``
  }

  #addEdit(start: number, end: number, text: string): void {
    this.edits.push({ start, end, text })
  }

  /** Escapes lone backticks, because each would pair with a backtick of an edit. */
  #escapeBackticks(inlines: Inline[]): void {
    for (const inline of inlines) {
      if ('children' in inline) this.#escapeBackticks(inline.children)
      if (inline.type !== 'text') continue
      for (const { index } of inline.value.matchAll(/`/g)) {
        const position = findPosition(inline, index)
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
        start: findPosition(inline, start),
        end: findPosition(inline, end),
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

/** Writes a leaf without any markup but code, for the rare leaf whose meaning an edit would change. */
export function toInertLeaf(source: string, { start, end, inlines }: Leaf, options: Required<VisibleOptions>): Edit {
  const write = (children: Inline[]): string =>
    children
      .map((inline) => {
        if (inline.type === 'code' || inline.type === 'break') return source.slice(inline.start, inline.end)
        if (inline.type === 'text') return toInert(options.text(inline))
        if (inline.type === 'autolink') return toInert(options.autolink(inline))
        if (inline.type !== 'link' && inline.type !== 'image') return write(inline.children)
        const linkText = toPlainText(inline.children)
        const shown = toInert(options.autolink({ ...inline, type: 'autolink' }))
        if (linkText.trim() === '') return inline.type === 'image' ? `&#40;${shown}&#41;` : shown
        return isAddressAsText(inline, linkText) ? shown : `${write(inline.children).trim()} &#40;${shown}&#41;`
      })
      .join('')
  return { start, end, text: escapeLeadingBlanks(write(inlines)) }
}
