/** Matches what may be the second row of a table. */
const DELIMITER_ROW = /^(?=.*\|)(?=.*-)[|:\- \t]+$/
const TICKS = /`+/y

interface CodeMatch {
  /** Is the position after the closing backticks. */
  end: number
  value: string
}

/**
 * Finds the code spans of one text. Positions may only increase from call to call, so that all calls together
 * take linear time.
 */
export class CodeSpanReader {
  readonly #text: string
  readonly #isCell: boolean
  /** Maps each length of a run of backticks to the places of such runs, with the first place last. */
  readonly #ticks: Map<number, number[]>
  readonly #ignoresSpans: boolean

  /** Creates a reader. `hasDisputedLines` means that renderers disagree about which lines belong to the text. */
  constructor(text: string, isCell: boolean, hasDisputedLines: boolean) {
    this.#text = text
    this.#isCell = isCell
    this.#ticks = findTicks(text)
    const lines = isCell ? [] : text.split('\n')
    this.#ignoresSpans =
      (hasDisputedLines || lines.some((line) => DELIMITER_ROW.test(line))) && !lines.every(hasCompleteSpans)
  }

  /** Counts the backticks from `position` on. */
  countTicks(position: number): number {
    TICKS.lastIndex = position
    return TICKS.exec(this.#text)?.[0].length ?? 1
  }

  /** Returns the code span with `length` opening backticks at `start`. */
  read(start: number, length: number): CodeMatch | undefined {
    const closing = this.#ignoresSpans ? undefined : this.#findClosing(start, length)
    if (closing === undefined) return undefined
    const inner = this.#text.slice(start + length, closing).replaceAll('\n', ' ')
    const isPadded = inner.startsWith(' ') && inner.endsWith(' ') && /[^ ]/.test(inner)
    const unpadded = isPadded ? inner.slice(1, -1) : inner
    return { end: closing + length, value: this.#isCell ? unpadded.replaceAll('\\|', '|') : unpadded }
  }

  #findClosing(start: number, length: number): number | undefined {
    const places = this.#ticks.get(length)
    let closing = places?.pop()
    while (closing !== undefined && closing < start + length) closing = places?.pop()
    return closing
  }
}

/**
 * Returns true if each code span of a line ends in the same line and contains no pipe, and if a line with code has
 * no web or mail address. Renderers that disagree about a line's block also disagree about the other spans.
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

function findTicks(text: string): Map<number, number[]> {
  const runs = new Map<number, number[]>()
  for (const { 0: ticks, index } of text.matchAll(/`+/g)) {
    const places = runs.get(ticks.length)
    if (places) places.push(index)
    else runs.set(ticks.length, [index])
  }
  for (const places of runs.values()) places.reverse()
  return runs
}
