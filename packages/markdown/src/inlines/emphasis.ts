import type { Neighbour } from '../characters.ts'

/** Is a run of `*`, `_` or `~~`. The emphasis that it opens and closes is found when its text has ended. */
export interface Run {
  type: 'run'
  character: '*' | '_' | '~'
  start: number
  end: number
  /** Counts the characters that neither open nor close emphasis yet. */
  left: number
  canOpen: boolean
  canClose: boolean
  /** Lists the widths of opened emphasis, the outermost last. */
  opens: number[]
  /** Lists the widths of closed emphasis, the innermost first. */
  closes: number[]
  /** Counts the blanks and CJK characters before the run. `__init__` has none within. */
  words: number
}

/**
 * Applies CommonMark's flanking rule with CJK punctuation counted as letters. It is narrower: nothing is emphasised
 * inside words, numbers, paths and globs. Missed emphasis costs looks; false emphasis costs a character of somebody's
 * evidence.
 */
export function canFlank(
  character: Run['character'],
  length: number,
  before: Neighbour,
  after: Neighbour,
  behind: Neighbour,
): { canOpen: boolean; canClose: boolean } {
  const isDouble = length > 1 && character !== '_'
  const opens = isDouble ? OPENS_DOUBLE : OPENS_SINGLE
  const closes = isDouble ? CLOSES_DOUBLE : CLOSES_SINGLE
  const isBefore = before.kind === 'space' || (before.kind === 'cjk' && character !== '_')
  const isAfter = after.kind === 'space' || (after.kind === 'cjk' && character !== '_')
  const goesOn = /[.:,]/.test(after.character) && behind.kind === 'word'
  const canOpen =
    after.kind !== 'space' &&
    (isBefore ||
      (before.kind === 'mark' && !opens.notAfter.includes(before.character)) ||
      (before.kind === 'word' && after.kind === 'cjk' && character !== '_')) &&
    !(after.kind === 'mark' && opens.notBefore.includes(after.character))
  const canClose =
    before.kind !== 'space' &&
    (isAfter ||
      (after.kind === 'mark' && !closes.notBefore.includes(after.character) && !goesOn) ||
      (after.kind === 'word' && before.kind === 'cjk' && character !== '_')) &&
    !(before.kind === 'mark' && closes.notAfter.includes(before.character))
  return { canOpen, canClose }
}

const OPENS_SINGLE = { notAfter: '/\\.-_@$%#&+^=:~?*', notBefore: './\\-_,;:)]}=@?*%|+!' }
const OPENS_DOUBLE = { notAfter: '/\\_@$', notBefore: ',;:)]}' }
const CLOSES_SINGLE = { notAfter: '/\\-_=@:$#&+^([{*', notBefore: '/\\_@-$#&=^+*%' }
const CLOSES_DOUBLE = { notAfter: '/\\([{', notBefore: '/\\_@$' }

/** Pairs the runs from `from` on by CommonMark's rules, and removes them from the list. */
export function pairRuns(runs: Run[], from: number): void {
  const openers: Run[] = []
  const bottoms = new Map<string, number>()
  for (const closer of runs.splice(from)) {
    while (closer.canClose && closer.left > 0) {
      const key = `${closer.character}${closer.canOpen}${getLength(closer) % 3}`
      const found = findOpener(openers, closer, bottoms.get(key) ?? 0)
      if (!found) {
        bottoms.set(key, openers.length)
        break
      }
      const { opener, at } = found
      const width = opener.left > 1 && closer.left > 1 ? 2 : 1
      opener.opens.push(width)
      closer.closes.push(width)
      opener.left -= width
      closer.left -= width
      openers.length = opener.left > 0 ? at + 1 : at
      for (const [other, bottom] of bottoms) if (bottom > openers.length) bottoms.set(other, openers.length)
    }
    if (closer.canOpen && closer.left > 0) openers.push(closer)
  }
}

const getLength = ({ start, end }: Run): number => end - start

/**
 * Finds the opener of a closer. Each opener that is skipped is below this kind of closer's bottom afterwards, so no
 * closer reads it twice.
 */
function findOpener(openers: Run[], closer: Run, bottom: number): { opener: Run; at: number } | undefined {
  for (let at = openers.length - 1; at >= bottom; at -= 1) {
    const opener = openers[at]
    if (opener?.character !== closer.character) continue
    if (closer.character === '_' && opener.words === closer.words) return undefined
    const sum = getLength(opener) + getLength(closer)
    const isOdd = (closer.canOpen || opener.canClose) && sum % 3 === 0 && getLength(opener) % 3 !== 0
    if (!isOdd) return { opener, at }
  }
  return undefined
}
