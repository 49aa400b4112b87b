import { MAX_MENTIONS } from '@engineer-chat/protocol'

/** Matches the name in `@ada` and `请@ada`, but not in the mail address `mail@ada` or in the path `a/@ada`. */
const NAME = /(?<![A-Za-z0-9._@/+-])@([A-Za-z0-9][A-Za-z0-9._-]{0,63})/g
/** Matches a line that opens or closes a fenced block of code. */
const FENCE = /^ {0,3}(`{3,}|~{3,})/

/**
 * Lists the names that follow an `@` outside of code, each once, in the order of the text. Each name is a list of its
 * possible spellings: `@ada.` is `ada.` or `ada`, because the full stop may belong to the sentence.
 */
export function listMentionedNames(text: string): string[][] {
  const names = new Map<string, string[]>()
  for (const [, written = ''] of removeCode(text).matchAll(NAME)) {
    const name = written.toLowerCase()
    if (names.has(name)) continue
    names.set(name, [...new Set([name, name.slice(0, findTrimmedLength(name))])])
    if (names.size === MAX_MENTIONS) break
  }
  return [...names.values()]
}

function findTrimmedLength(name: string): number {
  let length = name.length
  while (length > 0 && '._-'.includes(name.charAt(length - 1))) length -= 1
  return length
}

/** Removes code spans and fenced blocks. A block that is not closed reaches to the end of the text. */
function removeCode(text: string): string {
  let openFence = ''
  const linesOutside: string[] = []
  for (const line of text.split('\n')) {
    const [, fence = ''] = FENCE.exec(line) ?? []
    if (openFence === '' && fence === '') linesOutside.push(line)
    else if (openFence === '') openFence = fence
    else if (fence.startsWith(openFence)) openFence = ''
  }
  return removeCodeSpans(linesOutside.join('\n'))
}

/** A code span ends at the next run with the same number of backticks. A run without such an end is plain text. */
function removeCodeSpans(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map((match) => ({ start: match.index, length: match[0].length }))
  const lastStartByLength = new Map(runs.map(({ start, length }) => [length, start]))
  let plain = ''
  let plainStart = 0
  let openRun: { start: number; length: number } | undefined
  for (const run of runs) {
    if (openRun === undefined) {
      if ((lastStartByLength.get(run.length) ?? 0) > run.start) openRun = run
    } else if (run.length === openRun.length) {
      // A backtick stands for the span, so that the texts around it do not become one word.
      plain += `${text.slice(plainStart, openRun.start)}\``
      plainStart = run.start + run.length
      openRun = undefined
    }
  }
  return plain + text.slice(plainStart)
}
