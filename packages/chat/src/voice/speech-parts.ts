/** Splits a text into parts of limited length: after a sentence or a line, else after a word, else at the limit. */
export function splitSpeech(text: string, maxCharacters: number): string[] {
  const characters = [...text]
  const pieces: string[] = []
  for (let at = 0; at < characters.length; ) {
    const head = characters.slice(at, at + maxCharacters)
    const end = at + maxCharacters < characters.length ? findCut(head) : head.length
    pieces.push(head.slice(0, end).join('').trim())
    at += end
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
