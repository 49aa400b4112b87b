/** The repeated end of a text counts as a loop if it has at least this many characters. */
export const MIN_LOOP_CHARACTERS = 3_000
/** A loop repeats its piece at least this many times. */
export const MIN_LOOP_REPEATS = 20
/** A loop's piece is a word, a line or a paragraph, and has at most this many characters. */
export const MAX_LOOP_PIECE_CHARACTERS = 1_000

/**
 * If `isData` is true for the piece, a loop has at least this many characters in total. No line of dashes, padding or
 * payload in an answer is that long.
 */
export const MIN_DATA_LOOP_CHARACTERS = MIN_LOOP_REPEATS * MAX_LOOP_PIECE_CHARACTERS

/** A check reads this many characters, enough for the loop of the longest piece. */
const WINDOW_CHARACTERS = MIN_LOOP_REPEATS * MAX_LOOP_PIECE_CHARACTERS
/**
 * The check runs after this many new characters. It costs at most `WINDOW_CHARACTERS` steps, so the whole answer costs
 * linear time.
 */
const CHECK_INTERVAL_CHARACTERS = 1_000

/** All watches share this buffer of 80 KB, because a check runs synchronously. */
const borders = new Uint32Array(WINDOW_CHARACTERS)

export interface RepetitionWatch {
  /** Adds a text. Returns true if a check is due and the text so far ends in a loop, an exact repetition of a piece. */
  push(text: string): boolean
  /** Forgets the text so far. */
  reset(): void
}

/**
 * Returns true for ASCII without blanks, for text with neither blanks nor letters, and for hexadecimal bytes: Base64 of
 * zeros, a NOP sled, an overflow of `A`, a line of dashes. A sentence has blanks or letters of another script.
 */
const isData = (piece: string): boolean =>
  /^[\x21-\x7e]+$|^[^\s\p{L}]+$/u.test(piece) || (/^[\s,\da-fx\\%]+$/i.test(piece) && /\S/.test(piece))

/**
 * Watches a stream for a model that repeats itself. Only exact repetition counts: lines of a log, a table or a hex
 * dump that differ in a number or an address are not a loop.
 */
export function createRepetitionWatch(): RepetitionWatch {
  let tail = ''
  let uncheckedCharacters = 0
  return {
    push(text) {
      uncheckedCharacters += text.length
      // The tail grows to two windows before it is cut to one, so that most parts of a stream need no copy of it.
      tail = tail.length + text.length > 2 * WINDOW_CHARACTERS ? (tail + text).slice(-WINDOW_CHARACTERS) : tail + text
      if (uncheckedCharacters < CHECK_INTERVAL_CHARACTERS) return false
      uncheckedCharacters = 0
      return endsInLoop(tail.slice(-WINDOW_CHARACTERS), borders)
    },
    reset() {
      tail = ''
      uncheckedCharacters = 0
    },
  }
}

/**
 * Returns true if the text ends in a loop. It reads the text backwards. As Knuth, Morris and Pratt do, it stores in
 * `borders` the length of the longest part that both begins and ends the text read so far. That text's length minus
 * the length of this part is the shortest period.
 */
export function endsInLoop(text: string, borders = new Uint32Array(text.length)): boolean {
  const last = text.length - 1
  borders[0] = 0
  let [classifiedPeriod, minCharacters] = [0, MIN_LOOP_CHARACTERS]
  for (let index = 1; index < text.length; index++) {
    let borderLength = borders[index - 1] ?? 0
    while (borderLength > 0 && text.charCodeAt(last - index) !== text.charCodeAt(last - borderLength))
      borderLength = borders[borderLength - 1] ?? 0
    if (text.charCodeAt(last - index) === text.charCodeAt(last - borderLength)) borderLength += 1
    borders[index] = borderLength
    const readLength = index + 1
    const period = readLength - borderLength
    const isPossibleLoop =
      readLength >= MIN_LOOP_CHARACTERS &&
      period <= MAX_LOOP_PIECE_CHARACTERS &&
      readLength >= period * MIN_LOOP_REPEATS
    if (isPossibleLoop && period !== classifiedPeriod) {
      classifiedPeriod = period
      minCharacters = isData(text.slice(-period)) ? MIN_DATA_LOOP_CHARACTERS : MIN_LOOP_CHARACTERS
    }
    if (isPossibleLoop && readLength >= minCharacters) return true
  }
  return false
}
