import { LIMITS } from '../limits.ts'
import type { Emphasis, Inline, Link, Text } from '../nodes.ts'
import type { DelimiterRun } from './emphasis.ts'
import type { OpenBracket, Piece } from './pieces.ts'

interface Frame {
  children: Inline[]
  /** Is undefined for the root, and for a node that is nested too deeply: its delimiters stay text. */
  node?: Emphasis | Link
}

/** Builds a tree from the pieces. Its nodes have positions in the source. */
export function buildTree(text: string, pieces: Piece[], toSource: (position: number) => number): Inline[] {
  const builder = new TreeBuilder(text, toSource)
  for (const piece of pieces) builder.add(piece)
  return builder.root
}

class TreeBuilder {
  readonly root: Inline[] = []
  readonly #text: string
  readonly #toSource: (position: number) => number
  readonly #frames: Frame[]
  #depth = 0

  constructor(text: string, toSource: (position: number) => number) {
    this.#text = text
    this.#toSource = toSource
    this.#frames = [{ children: this.root }]
  }

  add(piece: Piece): void {
    if (piece.type === 'text') this.#addText(piece.start, piece.end, piece.value)
    else if (piece.type === 'run') this.#addRun(piece)
    else if (piece.type === 'open') this.#addOpen(piece)
    else if (piece.type === 'close') this.#closeFrame(piece.start, piece.end)
    else this.#children.push({ ...piece, ...this.#span(piece.start, piece.end) })
  }

  get #children(): Inline[] {
    return this.#frames.at(-1)?.children ?? this.root
  }

  /**
   * Returns the span of a piece. It ends after the piece's last character, because the next piece may be in another
   * line.
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
      this.#closeFrame(position, position + width)
      position += width
    }
    const openedWidths = run.openedWidths.toReversed()
    let openStart = run.end - openedWidths.reduce((sum, width) => sum + width, 0)
    this.#addText(position, openStart)
    for (const width of openedWidths) {
      const type = run.character === '~' ? 'strike' : getEmphasisType(width)
      this.#openFrame(openStart, openStart + width, (start) => ({ type, start, end: start, children: [] }))
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
    this.#openFrame(start, end, (position) => ({
      type: isImage ? 'image' : 'link',
      start: position,
      end: position,
      address,
      textSpan,
      children: [],
    }))
  }

  #openFrame(start: number, end: number, toNode: (start: number) => Emphasis | Link): void {
    if (this.#depth >= LIMITS.inlines) {
      this.#addText(start, end)
      this.#frames.push({ children: this.#children })
      return
    }
    this.#depth += 1
    const node = toNode(this.#toSource(start))
    this.#children.push(node)
    this.#frames.push({ children: node.children, node })
  }

  #closeFrame(start: number, end: number): void {
    const frame = this.#frames.pop()
    if (frame?.node) {
      this.#depth -= 1
      frame.node.end = this.#span(start, end).end
    } else this.#addText(start, end)
  }
}

const getEmphasisType = (width: number): 'strong' | 'emphasis' => (width === 2 ? 'strong' : 'emphasis')

/** Appends to a text. If its value then differs from the source, the source position of each unit is stored. */
function appendText(text: Text, end: number, value: string): void {
  const isSame = value.length === end - text.end && !text.sourcePositions
  if (isSame) text.value += value
  else {
    const positions = text.sourcePositions ?? Array.from(text.value, (_, index) => text.start + index)
    text.sourcePositions = positions
    const isLiteral = value.length === end - text.end
    for (let index = 0; index < value.length; index += 1) positions.push(isLiteral ? text.end + index : text.end)
    text.value += value
  }
  text.end = end
}
