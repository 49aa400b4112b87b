/**
 * Splits a text into parts of at most `maxCharacters`. It cuts after a sentence or a line. If a part contains no such
 * end, it cuts after a word, or else after a mark such as `.`, or else at the limit.
 */
export function splitSpeech(text: string, maxCharacters: number): string[] {
  const characters = [...text]
  const parts: string[] = []
  for (let start = 0; start < characters.length; ) {
    const head = characters.slice(start, start + maxCharacters)
    const next = characters[start + maxCharacters]
    const partLength = next === undefined ? head.length : measurePart(head, next)
    parts.push(head.slice(0, partLength).join('').trim())
    start += partLength
  }
  return parts.filter((part) => part !== '')
}

/**
 * Returns how many characters of the head become the next part. It prefers the end of a line and marks like `。`. A
 * mark like `.` ends a sentence only before white space, because it may be inside an address. The character `next`
 * follows the head.
 */
function measurePart(head: string[], next: string): number {
  /** Counts the characters up to the last one for which `isEnd` is true. Returns 0 if there is none. */
  const countUpToLast = (isEnd: (character: string, following: string) => boolean): number =>
    head.findLastIndex((character, index) => isEnd(character, head[index + 1] ?? next)) + 1
  return (
    countUpToLast((character) => '。！？；\n'.includes(character)) ||
    countUpToLast((character, following) => '.!?;'.includes(character) && /\s/.test(following)) ||
    countUpToLast((character) => /\s/.test(character)) ||
    countUpToLast((character) => '.!?;'.includes(character)) ||
    head.length
  )
}
