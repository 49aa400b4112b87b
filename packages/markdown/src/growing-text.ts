import { BlockReader } from './block-reader.ts'
import { LINE_END } from './line-starts.ts'
import type { Block } from './nodes.ts'

/**
 * Parses a text that grows at its end, such as a streamed answer. Each complete line is read once. A node that later
 * text cannot change is the same object in every result. If a text does not begin with the lines that were read before,
 * it is parsed from its beginning.
 */
export class GrowingText {
  #reader = new BlockReader('')
  /** Holds the complete lines that the reader has read. */
  #completeLines = ''

  read(source: string): Block[] {
    if (!source.startsWith(this.#completeLines)) {
      this.#reader = new BlockReader('')
      this.#completeLines = ''
    }
    this.#reader.extend(source)
    let start = this.#completeLines.length
    for (const { 0: ending, index } of source.slice(start).matchAll(LINE_END)) {
      const end = this.#completeLines.length + index
      // The next read may bring the line feed that belongs to this carriage return.
      if (ending === '\r' && end + 1 === source.length) break
      this.#reader.readLine(start, end)
      start = end + ending.length
    }
    this.#completeLines = source.slice(0, start)
    const reader = this.#reader.fork()
    const end = source.endsWith('\r') ? source.length - 1 : source.length
    if (start < source.length) reader.readLine(start, end)
    return reader.finish()
  }
}
