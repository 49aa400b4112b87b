/**
 * Splits a text into parts of limited length: after a sentence or a line, otherwise after a word, otherwise at the
 * limit.
 */
export function splitSpeech(text: string, maxCharacters: number): string[] {
  const characters = [...text]
  const parts: string[] = []
  for (let start = 0; start < characters.length; ) {
    const head = characters.slice(start, start + maxCharacters)
    const end = start + maxCharacters < characters.length ? findCut(head) : head.length
    parts.push(head.slice(0, end).join('').trim())
    start += end
  }
  return parts.filter((part) => part !== '')
}

/** Returns the length of the next part. It prefers marks like `。` to a full stop, which may be inside a name. */
function findCut(head: string[]): number {
  const countUpTo = (isEnd: (character: string) => boolean) => head.findLastIndex(isEnd) + 1
  return (
    countUpTo((character) => '。！？；\n'.includes(character)) ||
    countUpTo((character) => '.!?;'.includes(character)) ||
    countUpTo((character) => /\s/.test(character)) ||
    head.length
  )
}
