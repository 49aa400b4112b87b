/**
 * Splits a text into parts of at most `maxCharacters`. It cuts after a sentence or a line. If a part contains no such
 * end, it cuts after a word, or else at the limit.
 */
export function splitSpeech(text: string, maxCharacters: number): string[] {
  const characters = [...text]
  const parts: string[] = []
  for (let start = 0; start < characters.length; ) {
    const head = characters.slice(start, start + maxCharacters)
    const partLength = start + maxCharacters < characters.length ? measurePart(head) : head.length
    parts.push(head.slice(0, partLength).join('').trim())
    start += partLength
  }
  return parts.filter((part) => part !== '')
}

/**
 * Returns how many characters of the head become the next part. It prefers the end of a line and marks like `。`,
 * because a full stop may be inside a name.
 */
function measurePart(head: string[]): number {
  /** Counts the characters up to the last one for which `isEnd` is true. Returns 0 if there is none. */
  const countUpToLast = (isEnd: (character: string) => boolean): number => head.findLastIndex(isEnd) + 1
  return (
    countUpToLast((character) => '。！？；\n'.includes(character)) ||
    countUpToLast((character) => '.!?;'.includes(character)) ||
    countUpToLast((character) => /\s/.test(character)) ||
    head.length
  )
}
