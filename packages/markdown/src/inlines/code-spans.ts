/** Matches a line that may be the delimiter row of a table. */
const DELIMITER_ROW = /^(?=.*\|)(?=.*-)[|:\- \t]+$/
const TICKS = /`+/y

interface CodeMatch {
  /** Is the position after the closing backticks. */
  end: number
  value: string
}

/**
 * Finds the code spans of one text. Each call must have a higher position than the call before, so that all calls
 * together take linear time.
 */
export class CodeSpanReader {
  readonly #text: string
  readonly #isCell: boolean
  /** Maps the length of a run of backticks to the positions of all runs of this length, in descending order. */
  readonly #runPositions: Map<number, number[]>
  /** Is true if renderers may disagree about the code spans, so that all backticks stay visible. */
  readonly #showsAllTicks: boolean

  /** Creates a reader. Renderers disagree about a text that has a lazy continuation line (CommonMark). */
  constructor(text: string, isCell: boolean, hasLazyContinuation: boolean) {
    this.#text = text
    this.#isCell = isCell
    this.#runPositions = findRunPositions(text)
    const lines = isCell ? [] : text.split('\n')
    this.#showsAllTicks =
      (hasLazyContinuation || lines.some((line) => DELIMITER_ROW.test(line))) && !lines.every(hasCompleteSpans)
  }

  /** Counts the backticks from `position` on. */
  countTicks(position: number): number {
    TICKS.lastIndex = position
    return TICKS.exec(this.#text)?.[0].length ?? 1
  }

  /** Returns the code span with `length` opening backticks at `start`. */
  read(start: number, length: number): CodeMatch | undefined {
    const closing = this.#showsAllTicks ? undefined : this.#findClosing(start, length)
    if (closing === undefined) return undefined
    const inner = this.#text.slice(start + length, closing).replaceAll('\n', ' ')
    const isPadded = inner.startsWith(' ') && inner.endsWith(' ') && /[^ ]/.test(inner)
    const unpadded = isPadded ? inner.slice(1, -1) : inner
    return { end: closing + length, value: this.#isCell ? unpadded.replaceAll('\\|', '|') : unpadded }
  }

  #findClosing(start: number, length: number): number | undefined {
    const positions = this.#runPositions.get(length)
    let closing = positions?.pop()
    while (closing !== undefined && closing < start + length) closing = positions?.pop()
    return closing
  }
}

/**
 * Returns true if all renderers find the same code spans in the line, even if they disagree about its block: each span
 * ends in the line and contains no pipe, and a line with code has no web or mail address.
 */
function hasCompleteSpans(line: string): boolean {
  const runs = [...line.matchAll(/`+/g)]
  if (runs.length > 0 && /:\/\/|www\.|@/.test(line)) return false
  for (let index = 0; index < runs.length; index += 1) {
    const opening = runs[index]
    let closingIndex = index + 1
    while (closingIndex < runs.length && runs[closingIndex]?.[0] !== opening?.[0]) closingIndex += 1
    if (closingIndex === runs.length || line.slice(opening?.index, runs[closingIndex]?.index).includes('|'))
      return false
    index = closingIndex
  }
  return true
}

function findRunPositions(text: string): Map<number, number[]> {
  const runs = new Map<number, number[]>()
  for (const { 0: ticks, index } of text.matchAll(/`+/g)) {
    const positions = runs.get(ticks.length)
    if (positions) positions.push(index)
    else runs.set(ticks.length, [index])
  }
  for (const positions of runs.values()) positions.reverse()
  return runs
}
