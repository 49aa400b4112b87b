/**
 * A loop is an end of a text in which a piece is repeated exactly. It counts only within the limits below. In total, it
 * has at least this many characters.
 */
export const MIN_LOOP_CHARACTERS = 3_000
/** A loop has its piece at least this many times. */
export const MIN_LOOP_REPEATS = 20
/** The piece of a loop, for example a word, a line or a paragraph, has at most this many characters. */
export const MAX_LOOP_PIECE_CHARACTERS = 1_000

/** A check reads this many characters from the end of the text. They are enough for a loop of the longest piece. */
const WINDOW_CHARACTERS = MIN_LOOP_REPEATS * MAX_LOOP_PIECE_CHARACTERS

/**
 * If the piece of a loop is data (see `isData`), the loop must fill the whole window. No line of dashes, padding or
 * payload in an answer is that long.
 */
export const MIN_DATA_LOOP_CHARACTERS = WINDOW_CHARACTERS

/**
 * A check runs after this many new characters. The window limits the time of one check, so the time of all checks is
 * linear in the length of the answer.
 */
const CHECK_INTERVAL_CHARACTERS = 1_000

/** All watches share this buffer of 80 KB, which is safe because a check runs synchronously. */
const sharedBorders = new Uint32Array(WINDOW_CHARACTERS)

export interface RepetitionWatch {
  /** Adds a text to the text so far. Returns true if a check is due and finds that the text now ends in a loop. */
  push(text: string): boolean
  /** Forgets the text so far. */
  reset(): void
}

/**
 * Returns true if the piece looks like data, which may repeat for a good reason. Data is ASCII without blanks (Base64
 * of zeros, an overflow of `A`), text with neither blanks nor letters (a line of dashes), or hexadecimal bytes (a NOP
 * sled). A sentence is no data, because it has blanks or letters of another script.
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
      // The tail grows to two windows before it is cut to one window, so that few parts of a stream cause a copy.
      tail = tail.length + text.length > 2 * WINDOW_CHARACTERS ? (tail + text).slice(-WINDOW_CHARACTERS) : tail + text
      if (uncheckedCharacters < CHECK_INTERVAL_CHARACTERS) return false
      uncheckedCharacters = 0
      return endsInLoop(tail.slice(-WINDOW_CHARACTERS), sharedBorders)
    },
    reset() {
      tail = ''
      uncheckedCharacters = 0
    },
  }
}

/**
 * Returns true if the text ends in a loop. It reads the text backwards with the algorithm of Knuth, Morris and Pratt. A
 * border is a part that is both the beginning and the end of the text read so far, but not all of it. `borders` holds
 * the length of the longest border after each character. The length read minus this length is the shortest period. In a
 * loop, the period is the length of the piece.
 */
export function endsInLoop(text: string, borders = new Uint32Array(text.length)): boolean {
  const last = text.length - 1
  borders[0] = 0
  // `isData` is called again only if the period has changed. `minCharacters` is valid for `checkedPeriod`.
  let checkedPeriod = 0
  let minCharacters = MIN_LOOP_CHARACTERS
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
    if (isPossibleLoop && period !== checkedPeriod) {
      checkedPeriod = period
      minCharacters = isData(text.slice(-period)) ? MIN_DATA_LOOP_CHARACTERS : MIN_LOOP_CHARACTERS
    }
    if (isPossibleLoop && readLength >= minCharacters) return true
  }
  return false
}
