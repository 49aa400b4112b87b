import { MAX_MENTIONS } from '@engineer-chat/protocol'

/** Matches the name in `@ada` and `请@ada`, but not in the mail address `mail@ada` or in the path `a/@ada`. */
const NAME = /(?<![A-Za-z0-9._@/+-])@([A-Za-z0-9][A-Za-z0-9._-]{0,63})/g
/** Matches the beginning of a line that opens or closes a fenced block of code. The first group is the fence. */
const FENCE_LINE = /^ {0,3}(`{3,}|~{3,})/

/**
 * Lists the names that follow an `@` outside of code, in the order of the text: at most `MAX_MENTIONS`, in lower case,
 * and each only once. For each name, the result has a list of its possible spellings. `@ada.` has the spellings `ada.`
 * and `ada`, because the full stop may belong to the sentence.
 */
export function listMentionedNames(text: string): string[][] {
  const spellingsByName = new Map<string, string[]>()
  for (const [, written = ''] of removeCode(text).matchAll(NAME)) {
    const name = written.toLowerCase()
    if (spellingsByName.has(name)) continue
    spellingsByName.set(name, [...new Set([name, removeTrailingPunctuation(name)])])
    if (spellingsByName.size === MAX_MENTIONS) break
  }
  return [...spellingsByName.values()]
}

/** Removes every `.`, `_` and `-` at the end of a name. */
function removeTrailingPunctuation(name: string): string {
  let length = name.length
  while (length > 0 && '._-'.includes(name.charAt(length - 1))) length -= 1
  return name.slice(0, length)
}

/** Removes code spans and fenced blocks. A block that is not closed reaches to the end of the text. */
function removeCode(text: string): string {
  /** Is the fence of the block that the current line is in. Outside of a block it is empty. */
  let openFence = ''
  const linesOutsideBlocks: string[] = []
  for (const line of text.split('\n')) {
    const [, fence = ''] = FENCE_LINE.exec(line) ?? []
    if (openFence === '' && fence === '') linesOutsideBlocks.push(line)
    else if (openFence === '') openFence = fence
    else if (fence.startsWith(openFence)) openFence = ''
  }
  return replaceCodeSpans(linesOutsideBlocks.join('\n'))
}

/**
 * Replaces each code span by one backtick, so that the texts before and after the span do not become one word. A span
 * begins with a run of backticks and ends at the next run of the same length. A run without such an end is plain text.
 */
function replaceCodeSpans(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map((match) => ({ start: match.index, length: match[0].length }))
  const lastStartByLength = new Map(runs.map(({ start, length }) => [length, start]))
  let textWithoutSpans = ''
  /** Is the place after the last code span. */
  let copyStart = 0
  let openRun: { start: number; length: number } | undefined
  for (const run of runs) {
    if (openRun === undefined) {
      if ((lastStartByLength.get(run.length) ?? 0) > run.start) openRun = run
    } else if (run.length === openRun.length) {
      textWithoutSpans += `${text.slice(copyStart, openRun.start)}\``
      copyStart = run.start + run.length
      openRun = undefined
    }
  }
  return textWithoutSpans + text.slice(copyStart)
}
