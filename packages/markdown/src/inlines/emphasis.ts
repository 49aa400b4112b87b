import type { Neighbour } from '../characters.ts'

/** Describes a run of `*`, `_` or `~~`. Its opened and closed emphasis is known after the text is read. */
export interface DelimiterRun {
  type: 'run'
  character: '*' | '_' | '~'
  start: number
  end: number
  /** Counts the characters that are not used for emphasis yet. */
  remaining: number
  canOpen: boolean
  canClose: boolean
  /** Lists how many characters (1 or 2) of the run each opened emphasis takes, the innermost first. */
  openedWidths: number[]
  /** Lists how many characters (1 or 2) of the run each closed emphasis takes, the innermost first. */
  closedWidths: number[]
  /**
   * Counts all blanks and CJK characters of text and code before the run. Two runs of `_` with the same count are in
   * one word and do not pair: `__init__`.
   */
  wordBreakCount: number
}

/**
 * Applies CommonMark's flanking rule, but `*` and `~` may open and close beside CJK letters and punctuation as beside a
 * space. It is also narrower: nothing is emphasised inside words, numbers, paths and globs, because false emphasis
 * would remove a character of evidence.
 */
export function getFlanking(
  character: DelimiterRun['character'],
  length: number,
  before: Neighbour,
  after: Neighbour,
  afterNext: Neighbour,
): { canOpen: boolean; canClose: boolean } {
  const isDouble = length > 1 && character !== '_'
  const opens = isDouble ? OPENS_DOUBLE : OPENS_SINGLE
  const closes = isDouble ? CLOSES_DOUBLE : CLOSES_SINGLE
  const hasBreakBefore = before.kind === 'space' || (before.kind === 'cjk' && character !== '_')
  const hasBreakAfter = after.kind === 'space' || (after.kind === 'cjk' && character !== '_')
  const continuesWord = /[.:,]/.test(after.character) && afterNext.kind === 'word'
  const canOpen =
    after.kind !== 'space' &&
    (hasBreakBefore ||
      (before.kind === 'punctuation' && !opens.notAfter.includes(before.character)) ||
      (before.kind === 'word' && after.kind === 'cjk' && character !== '_')) &&
    !(after.kind === 'punctuation' && opens.notBefore.includes(after.character))
  const canClose =
    before.kind !== 'space' &&
    (hasBreakAfter ||
      (after.kind === 'punctuation' && !closes.notBefore.includes(after.character) && !continuesWord) ||
      (after.kind === 'word' && before.kind === 'cjk' && character !== '_')) &&
    !(before.kind === 'punctuation' && closes.notAfter.includes(before.character))
  return { canOpen, canClose }
}

// A run opens or closes no emphasis directly after or before these marks, which are frequent in paths, globs, numbers
// and code. `SINGLE` is for one character or `_`, and `DOUBLE` for several.
const OPENS_SINGLE = { notAfter: '/\\.-_@$%#&+^=:~?*', notBefore: './\\-_,;:)]}=@?*%|+!' }
const OPENS_DOUBLE = { notAfter: '/\\_@$', notBefore: ',;:)]}' }
const CLOSES_SINGLE = { notAfter: '/\\-_=@:$#&+^([{*', notBefore: '/\\_@-$#&=^+*%' }
const CLOSES_DOUBLE = { notAfter: '/\\([{', notBefore: '/\\_@$' }

/** Pairs the runs from `firstIndex` on by CommonMark's rules, and removes them from the list. */
export function pairRuns(runs: DelimiterRun[], firstIndex: number): void {
  const openers: DelimiterRun[] = []
  /** Maps each kind of closer to the index below which no opener matches it. */
  const bottoms = new Map<string, number>()
  for (const closer of runs.splice(firstIndex)) {
    while (closer.canClose && closer.remaining > 0) {
      const closerKind = `${closer.character}${closer.canOpen}${getLength(closer) % 3}`
      const match = findOpener(openers, closer, bottoms.get(closerKind) ?? 0)
      if (!match) {
        bottoms.set(closerKind, openers.length)
        break
      }
      const { opener, index } = match
      const width = opener.remaining > 1 && closer.remaining > 1 ? 2 : 1
      opener.openedWidths.push(width)
      closer.closedWidths.push(width)
      opener.remaining -= width
      closer.remaining -= width
      openers.length = opener.remaining > 0 ? index + 1 : index
      for (const [kind, bottom] of bottoms) if (bottom > openers.length) bottoms.set(kind, openers.length)
    }
    if (closer.canOpen && closer.remaining > 0) openers.push(closer)
  }
}

const getLength = ({ start, end }: DelimiterRun): number => end - start

/**
 * Finds the opener of a closer, down to the index `bottom`. The caller raises `bottom` above the openers that were
 * tried without success, so that similar closers do not try them again.
 */
function findOpener(
  openers: DelimiterRun[],
  closer: DelimiterRun,
  bottom: number,
): { opener: DelimiterRun; index: number } | undefined {
  for (let index = openers.length - 1; index >= bottom; index -= 1) {
    const opener = openers[index]
    if (opener?.character !== closer.character) continue
    if (closer.character === '_' && opener.wordBreakCount === closer.wordBreakCount) return undefined
    const sum = getLength(opener) + getLength(closer)
    // CommonMark's rules 9 and 10 on sums of lengths that are multiples of three.
    const breaksRuleOfThree = (closer.canOpen || opener.canClose) && sum % 3 === 0 && getLength(opener) % 3 !== 0
    if (!breaksRuleOfThree) return { opener, index }
  }
  return undefined
}
