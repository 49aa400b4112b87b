/** A repeated tail counts as a loop if it has at least this many characters. */
export const MIN_LOOP_CHARACTERS = 3_000
/** A loop repeats its piece at least this many times. */
export const MIN_LOOP_REPEATS = 20
/** A loop's piece is a word, a line or a paragraph, and has at most this many characters. */
export const MAX_LOOP_PIECE_CHARACTERS = 1_000

/**
 * Repeated data counts as a loop from this many characters on. No rule, padding or payload of an answer is that long.
 */
export const MIN_DATA_LOOP_CHARACTERS = MIN_LOOP_REPEATS * MAX_LOOP_PIECE_CHARACTERS

const WINDOW_CHARACTERS = MIN_LOOP_REPEATS * MAX_LOOP_PIECE_CHARACTERS
/**
 * The check runs after this many new characters. It costs at most `WINDOW_CHARACTERS` steps, so the whole answer costs
 * linear time.
 */
const CHECK_INTERVAL_CHARACTERS = 1_000

export interface RepetitionWatch {
  /** Returns true if the text so far ends in a loop, which repeats the same piece character by character. */
  push(text: string): boolean
  /** Forgets the text so far. */
  reset(): void
}

/**
 * Returns true for a piece within one unbroken word or for hexadecimal bytes: Base64 of zeros, a NOP sled, an
 * overflow of `A`, a rule of dashes. A repeated sentence has blanks, or letters of a script without them.
 */
const isData = (piece: string): boolean =>
  /^[\x21-\x7e]+$|^[^\s\p{L}]+$/u.test(piece) || (/^[\s,\da-fx\\%]+$/i.test(piece) && /\S/.test(piece))

/**
 * Watches a stream for a model that repeats itself. Only exact repetition counts: lines of a log, a table or a hex
 * dump that differ in a number or an address are not a loop.
 */
export function createRepetitionWatch(): RepetitionWatch {
  let tail = ''
  let unseen = 0
  const borders = new Uint32Array(WINDOW_CHARACTERS)
  return {
    push(text) {
      unseen += text.length
      tail = tail.length + text.length > 2 * WINDOW_CHARACTERS ? (tail + text).slice(-WINDOW_CHARACTERS) : tail + text
      if (unseen < CHECK_INTERVAL_CHARACTERS) return false
      unseen = 0
      return endsInLoop(tail.slice(-WINDOW_CHARACTERS), borders)
    },
    reset() {
      tail = ''
      unseen = 0
    },
  }
}

/**
 * Reads the text backwards and stores, as Knuth, Morris and Pratt do, the length of the longest part that both begins
 * and ends the text read so far. The rest is the shortest period.
 */
export function endsInLoop(text: string, borders = new Uint32Array(text.length)): boolean {
  const last = text.length - 1
  borders[0] = 0
  let [classifiedPeriod, minCharacters] = [0, MIN_LOOP_CHARACTERS]
  for (let index = 1; index < text.length; index++) {
    let length = borders[index - 1] ?? 0
    while (length > 0 && text.charCodeAt(last - index) !== text.charCodeAt(last - length))
      length = borders[length - 1] ?? 0
    if (text.charCodeAt(last - index) === text.charCodeAt(last - length)) length += 1
    borders[index] = length
    const read = index + 1
    const period = read - length
    const isLoop =
      read >= MIN_LOOP_CHARACTERS && period <= MAX_LOOP_PIECE_CHARACTERS && read >= period * MIN_LOOP_REPEATS
    if (isLoop && period !== classifiedPeriod) {
      classifiedPeriod = period
      minCharacters = isData(text.slice(-period)) ? MIN_DATA_LOOP_CHARACTERS : MIN_LOOP_CHARACTERS
    }
    if (isLoop && read >= minCharacters) return true
  }
  return false
}
