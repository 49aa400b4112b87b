/** Holds a text as rules read it, and which part of the original text each of its characters stands for. */
export interface View {
  text: string
  /** Is undefined if `text` is the original. */
  parts: OriginalParts | undefined
  /** Lists where the view joins lines, in order. The list is empty in a view that joins no lines. */
  joints: readonly Joint[]
}

/**
 * Holds the part of the original for each character of a view. Several characters that stand for one escape have the
 * same part. What the view leaves out belongs to no part.
 */
interface OriginalParts {
  /** Holds where each part starts, then the original's length. */
  starts: Uint32Array
  /** Holds where each part ends. */
  ends: Uint32Array
}

/** Marks a place where a view joins two lines. Both numbers are indexes in the view's text. */
export interface Joint {
  lineEnd: number
  nextLineStart: number
}

/** Replaces the part of a view from `start` to `end` by a text. */
export interface Replacement {
  start: number
  end: number
  text: string
}

/** Converts a part of a view to the part of the original that it stands for. The result cuts no escape in two. */
export function toOriginalSpan({ parts }: View, start: number, end: number): { start: number; end: number } {
  return { start: parts?.starts[start] ?? start, end: parts?.ends[end - 1] ?? end }
}

/** Grows a part of the original until it cuts no escape in two that is undone in the view. */
export function toWholeEscapes<T extends { start: number; end: number }>(span: T, { parts }: View): T {
  if (!parts) return span
  return { ...span, start: findWholeStart(parts, span.start), end: findWholeEnd(parts, span.end) }
}

/** Moves a position down to where a part starts, or to the end of the part before it if the view leaves it out. */
function findWholeStart(parts: OriginalParts, position: number): number {
  const { starts, ends } = parts
  const index = findPart(parts, position + 1) - 1
  const partEnd = ends[index] ?? 0
  return position < partEnd ? (starts[index] ?? position) : Math.min(position, partEnd)
}

/** Moves a position up to where a part ends, or to the start of the next part if the view leaves it out. */
function findWholeEnd(parts: OriginalParts, position: number): number {
  const { starts, ends } = parts
  const nextIndex = findPart(parts, position)
  const partEnd = ends[nextIndex - 1] ?? 0
  return position <= partEnd ? partEnd : (starts[nextIndex] ?? position)
}

/** Returns the index of the first of `count` sorted numbers that is at least `minimum`, or `count` if there is none. */
export function findLowerBound(count: number, getNumber: (index: number) => number, minimum: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (getNumber(middle) < minimum) low = middle + 1
    else high = middle
  }
  return low
}

/** Returns the index of the first character whose part of the original starts at or after this position. */
export const findPart = ({ starts }: OriginalParts, position: number): number =>
  findLowerBound(starts.length, (index) => starts[index] ?? 0, position)

/** Returns a view with the replacements. Each new character stands for the whole part that is replaced. */
export function replaceInView(view: View, replacements: Replacement[]): View {
  if (replacements.length === 0) return view
  const { text, parts } = view
  const texts: string[] = []
  const newLength = replacements.reduce(
    (sum, { start, end, text: added }) => sum + added.length - (end - start),
    text.length,
  )
  const starts = new Uint32Array(newLength + 1)
  const ends = new Uint32Array(newLength)
  let newIndex = 0
  let copiedTo = 0
  // The loop copies the text before each replacement. An empty one at the end makes it copy the rest too.
  for (const { start, end, text: added } of [...replacements, { start: text.length, end: text.length, text: '' }]) {
    if (parts) {
      starts.set(parts.starts.subarray(copiedTo, start), newIndex)
      ends.set(parts.ends.subarray(copiedTo, start), newIndex)
      newIndex += start - copiedTo
    } else {
      for (let index = copiedTo; index < start; index++, newIndex++) {
        starts[newIndex] = index
        ends[newIndex] = index + 1
      }
    }
    starts.fill(parts?.starts[start] ?? start, newIndex, newIndex + added.length)
    ends.fill(parts?.ends[end - 1] ?? end, newIndex, newIndex + added.length)
    newIndex += added.length
    texts.push(text.slice(copiedTo, start), added)
    copiedTo = end
  }
  starts[newIndex] = parts?.starts[text.length] ?? text.length
  return { text: texts.join(''), parts: { starts, ends }, joints: [] }
}
