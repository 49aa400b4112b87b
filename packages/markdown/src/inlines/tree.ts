import { NESTING_LIMITS } from '../limits.ts'
import type { Emphasis, Inline, Link, Text } from '../nodes.ts'
import type { DelimiterRun } from './emphasis.ts'
import type { InlineToken, OpenBracket } from './tokens.ts'

/** Holds a node whose closing delimiter has not been read yet. */
interface OpenNode {
  children: Inline[]
  /** Is undefined for the root, and for a node that is nested too deeply: its delimiters stay text. */
  node?: Emphasis | Link
}

/** Builds a tree from the tokens. Its nodes have positions in the source. */
export function buildTree(text: string, tokens: InlineToken[], toSource: (position: number) => number): Inline[] {
  const builder = new TreeBuilder(text, toSource)
  for (const token of tokens) builder.add(token)
  return builder.root
}

class TreeBuilder {
  readonly root: Inline[] = []
  readonly #text: string
  readonly #toSource: (position: number) => number
  readonly #openNodes: OpenNode[]
  #depth = 0

  constructor(text: string, toSource: (position: number) => number) {
    this.#text = text
    this.#toSource = toSource
    this.#openNodes = [{ children: this.root }]
  }

  add(token: InlineToken): void {
    if (token.type === 'text') this.#addText(token.start, token.end, token.value)
    else if (token.type === 'run') this.#addRun(token)
    else if (token.type === 'open') this.#addOpen(token)
    else if (token.type === 'close') this.#endNode(token.start, token.end)
    else this.#children.push({ ...token, ...this.#span(token.start, token.end) })
  }

  get #children(): Inline[] {
    return this.#openNodes.at(-1)?.children ?? this.root
  }

  /**
   * Returns the span of a token in the source. Its end is found from the token's last character, because the position
   * after it may map into the next line, behind its `> `. A line break does end there.
   */
  #span(start: number, end: number): { start: number; end: number } {
    const isBreak = this.#text[end - 1] === '\n'
    return { start: this.#toSource(start), end: isBreak ? this.#toSource(end) : this.#toSource(end - 1) + 1 }
  }

  #addText(start: number, end: number, value = this.#text.slice(start, end)): void {
    if (start === end) return
    const span = this.#span(start, end)
    const last = this.#children.at(-1)
    if (last?.type === 'text' && last.end === span.start) {
      appendText(last, span.end, value)
      return
    }
    const text: Text = { type: 'text', start: span.start, end: span.start, value: '' }
    this.#children.push(text)
    appendText(text, span.end, value)
  }

  #addRun(run: DelimiterRun): void {
    let position = run.start
    for (const width of run.closedWidths) {
      this.#endNode(position, position + width)
      position += width
    }
    const openedWidths = run.openedWidths.toReversed()
    let openStart = run.end - openedWidths.reduce((sum, width) => sum + width, 0)
    this.#addText(position, openStart)
    for (const width of openedWidths) {
      const type = run.character === '~' ? 'strike' : getEmphasisType(width)
      this.#startNode(openStart, openStart + width, (start) => ({ type, start, end: start, children: [] }))
      openStart += width
    }
  }

  #addOpen({ start, end, isImage, closing }: OpenBracket): void {
    if (!closing) {
      this.#addText(start, end)
      return
    }
    const textSpan = { start: this.#toSource(end), end: this.#toSource(closing.start) }
    const { address } = closing
    this.#startNode(start, end, (position) => ({
      type: isImage ? 'image' : 'link',
      start: position,
      end: position,
      address,
      textSpan,
      children: [],
    }))
  }

  #startNode(start: number, end: number, toNode: (start: number) => Emphasis | Link): void {
    if (this.#depth >= NESTING_LIMITS.inlines) {
      this.#addText(start, end)
      this.#openNodes.push({ children: this.#children })
      return
    }
    this.#depth += 1
    const node = toNode(this.#toSource(start))
    this.#children.push(node)
    this.#openNodes.push({ children: node.children, node })
  }

  #endNode(start: number, end: number): void {
    const openNode = this.#openNodes.pop()
    if (openNode?.node) {
      this.#depth -= 1
      openNode.node.end = this.#span(start, end).end
    } else this.#addText(start, end)
  }
}

const getEmphasisType = (width: number): 'strong' | 'emphasis' => (width === 2 ? 'strong' : 'emphasis')

/** Appends to a text. Once its value is shorter than its source, the source position of each unit is stored. */
function appendText(text: Text, end: number, value: string): void {
  const hasSourceLength = value.length === end - text.end
  if (!hasSourceLength || text.sourcePositions) {
    const positions =
      text.sourcePositions ?? Array.from({ length: text.value.length }, (_, index) => text.start + index)
    for (let index = 0; index < value.length; index += 1) positions.push(hasSourceLength ? text.end + index : text.end)
    text.sourcePositions = positions
  }
  text.value += value
  text.end = end
}
