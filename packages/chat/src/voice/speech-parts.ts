/**
 * Splits a text into parts of limited length: after a sentence or a line, otherwise after a word, otherwise at the
 * limit.
 */
export function splitSpeech(text: string, maxCharacters: number): string[] {
  const characters = [...text]
  const pieces: string[] = []
  for (let start = 0; start < characters.length; ) {
    const head = characters.slice(start, start + maxCharacters)
    const end = start + maxCharacters < characters.length ? findCut(head) : head.length
    pieces.push(head.slice(0, end).join('').trim())
    start += end
  }
  return pieces.filter((piece) => piece !== '')
}

function findCut(head: string[]): number {
  const findEnd = (isEnd: (character: string) => boolean) => head.findLastIndex(isEnd) + 1
  return (
    findEnd((character) => '。！？；\n'.includes(character)) ||
    findEnd((character) => '.!?;'.includes(character)) ||
    findEnd((character) => /\s/.test(character)) ||
    head.length
  )
}
