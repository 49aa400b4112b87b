import { MAX_MENTIONS } from '@engineer-chat/protocol'

// A letter, a digit or a part of an address before the sign makes it a mail address or a path, which names nobody.
const NAME = /(?<![A-Za-z0-9._@/+-])@([A-Za-z0-9][A-Za-z0-9._-]{0,63})/g
const FENCE = /^ {0,3}(`{3,}|~{3,})/

/**
 * Lists the names that follow an `@` outside of code, each once, in the order of the text. A name with a full stop or a
 * dash at its end is listed with and without it, because that mark may belong to the sentence.
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

/** Removes fenced blocks, open ones to the end of the text, and code spans. */
function removeCode(text: string): string {
  let fence = ''
  const outside: string[] = []
  for (const line of text.split('\n')) {
    const [, mark = ''] = FENCE.exec(line) ?? []
    if (fence === '' && mark === '') outside.push(line)
    else if (fence === '') fence = mark
    else if (mark.startsWith(fence)) fence = ''
  }
  return removeSpans(outside.join('\n'))
}

/** A span ends at the next run with the same number of backticks; a run without such an end is plain text. */
function removeSpans(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map((match) => ({ start: match.index, length: match[0].length }))
  const lastByLength = new Map(runs.map(({ start, length }) => [length, start]))
  let plain = ''
  let from = 0
  let open: { start: number; length: number } | undefined
  for (const run of runs) {
    if (open === undefined) {
      if ((lastByLength.get(run.length) ?? 0) > run.start) open = run
    } else if (run.length === open.length) {
      plain += `${text.slice(from, open.start)}\``
      from = run.start + run.length
      open = undefined
    }
  }
  return plain + text.slice(from)
}
