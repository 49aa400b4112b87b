/** Holds Base64 that a program may have wrapped into lines. */
interface WrappedBase64 {
  /** The Base64 ends before this index of the text. */
  end: number
  /** Holds the Base64 without what is between its lines. */
  base64: string
}

/** Returns true if Base64 is as long as it must be; `tail` holds its last characters, at most `TAIL_CHARACTERS`. */
export type IsComplete = (length: number, tail: string) => boolean

/** Matches what may follow a line of Base64 in a mail, a table, YAML or a program's source: `" +`, `',`, `|`. */
const AFTER_LINE = '["\'`\\\\,+;|} \\t]{0,8}'
/** Matches up to three line breaks with the end of the line before them, or the blanks between two parts of a line. */
const BREAK = new RegExp(`${AFTER_LINE}(?:(?:\\n|<br ?/?>)[ \\t]{0,40}){1,3}|[ \\t]{1,4}(?=[A-Za-z0-9+/])`, 'y')
/**
 * Matches a line with nothing but Base64 and the characters that a mail, YAML or a program may put around it. If the
 * Base64 ends a sentence, another one may follow.
 */
const PLAIN_LINE = new RegExp(
  `^[>|#*"'\`\\\\,+ \\t-]{0,40}(?<run>[A-Za-z0-9+/]{1,1000}={0,2})(?:${AFTER_LINE}$|[.:)\\]](?:\\s|$))`,
  'd',
)
const RUN = /[A-Za-z0-9+/]+={0,2}/g
/** The hash of a file is no line of Base64, but may have its length. */
const HASH = /^(?:[\da-f]{32,}|[\dA-F]{32,})$/
/** Base64 that begins so is another text in PEM. */
const BEGIN_IN_BASE64 = 'LS0tLS1CRUdJTi'
/** A log or a listing may put a time, a host or a number before the Base64 of a line. Together they are not longer. */
const MAX_LINE_CHARACTERS = 1_200
/** A program that wraps Base64 makes no longer lines. So what follows a longer line is another text. */
const MAX_WIDTH = 1_000
const TAIL_CHARACTERS = 120

/**
 * Reads wrapped Base64 to its end. All lines have the same length, except that the first and the last one may be
 * shorter. `firstLine` begins at `start`.
 */
export function readWrappedBase64(
  text: string,
  start: number,
  firstLine: string,
  isComplete: IsComplete,
): WrappedBase64 {
  const lines = [firstLine]
  let end = start + firstLine.length
  let length = firstLine.length
  let tail = firstLine.slice(-TAIL_CHARACTERS)
  let width = firstLine.length
  while (width <= MAX_WIDTH && !tail.endsWith('=')) {
    const isEnded = isComplete(length, tail)
    const next = listNextRuns(text, end).find(({ run, isPlain }) => {
      if (isEnded) return isEndOfEndLine(run)
      if (run.length === width) return true
      if (run.length > width) return isPlain && lines.length === 1
      const isLast = isComplete(length + run.length, (tail + run).slice(-TAIL_CHARACTERS))
      return isLast || (isPlain && (length + run.length) % 4 === 0 && looksEncoded(run))
    })
    if (!next) break
    lines.push(next.run)
    end = next.end
    length += next.run.length
    tail = (tail + next.run).slice(-TAIL_CHARACTERS)
    if (next.run.length < width) break
    width = next.run.length
  }
  return { end, base64: lines.join('') }
}

/** Holds Base64 in a line. It is plain if the line has nothing else but punctuation marks. */
interface Run {
  run: string
  end: number
  isPlain: boolean
}

/** Lists what may be Base64 in the next line, or after blanks in the same line. */
function listNextRuns(text: string, from: number): Run[] {
  BREAK.lastIndex = from
  const lineBreak = BREAK.exec(text)?.[0]
  if (lineBreak === undefined) return []
  const lineStart = from + lineBreak.length
  const isSameLine = !/[\n>]/.test(lineBreak)
  const line = readLine(text, lineStart)
  const runs = listRuns(isSameLine ? (/^\S*/.exec(line)?.[0] ?? '') : line)
  return runs
    .filter(({ run }) => !run.startsWith(BEGIN_IN_BASE64) && !HASH.test(run))
    .map(({ run, end, isPlain }) => ({ run, end: lineStart + end, isPlain: isPlain && !isSameLine }))
}

/** A plus sign at the beginning of a plain line may belong to the Base64 or not, so such a line is listed twice. */
function listRuns(line: string): Run[] {
  const runs = Array.from(line.matchAll(RUN), ({ 0: run, index }) => ({ run, end: index + run.length, isPlain: false }))
  const plain = PLAIN_LINE.exec(line)
  const [, end = 0] = plain?.indices?.groups?.run ?? []
  return plain?.groups?.run ? [...runs, { run: plain.groups.run, end, isPlain: true }] : runs
}

/** Reads a line from its start, without the line break or tag after it. */
function readLine(text: string, start: number): string {
  const part = text.slice(start, start + MAX_LINE_CHARACTERS)
  const end = part.search(/[\n<]/)
  return end < 0 ? part : part.slice(0, end)
}

/** Returns true for the Base64 of the last dashes and line ends of an END line, which may be on a line of their own. */
const isEndOfEndLine = (run: string): boolean =>
  run.length <= 8 && /^[-\r\n]+$/.test(Buffer.from(run, 'base64').toString('latin1'))

/** Returns true for a text that is hardly a word or a name: it is long, or has letters of both cases and digits. */
const looksEncoded = (run: string): boolean =>
  run.endsWith('=') || run.length >= 20 || (/[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run))
