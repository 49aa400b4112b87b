import { markDeceptive } from './text/deceptive.ts'

/**
 * Matches a line such as `Logon at 08:14, by m.chen`: it has only letters, digits and punctuation that Markdown does
 * not interpret, no address, no marker of a list at its start and no blank at its end.
 */
const UNCHANGED =
  /^(?!\d{1,9}[.)](?:\s|$)|[+-](?:\s|$)|.*(?:www\.|:\/\/| $))[\p{L}\p{N}\p{M}(“‘"'（《【][\p{L}\p{N}\p{M} .,;:!?()'"%/+=…–—“”‘’，。；：！？、（）《》【】-]*$/u

/** Returns true if every renderer shows the line as it is written, without an escape. */
export const isShownUnchanged = (line: string): boolean => UNCHANGED.test(line)

/**
 * Writes plain text as one line of Markdown that shows every character. Invisible ones get marks, line ends become
 * blanks.
 */
export function toVerbatim(text: string): string {
  const line = toMarkedLine(text)
  return isShownUnchanged(line) ? line : wrapInCode(line)
}

/** Writes plain text as a code span. Invisible characters get marks, line ends become blanks. */
export const toCodeSpan = (text: string): string => wrapInCode(toMarkedLine(text))

const toMarkedLine = (text: string): string => markDeceptive(text).replace(/\r\n|\r|\n/g, ' ')

/** Encloses a line in more backticks than any run within it has. Renderers remove one blank from each end. */
function wrapInCode(line: string): string {
  if (line.trim() === '') return line
  const ticks = '`'.repeat(countNeededTicks(line))
  const padding = /^[ `]|[ `]$/.test(line) ? ' ' : ''
  return `${ticks}${padding}${line}${padding}${ticks}`
}

function countNeededTicks(line: string): number {
  let longest = 0
  for (const [run] of line.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  return longest + 1
}
