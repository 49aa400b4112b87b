/** Splits a text into parts of limited length, behind a sentence or a line, else behind a word, else at the limit. */
export function splitSpeech(text: string, longest: number): string[] {
  const characters = [...text]
  const pieces: string[] = []
  for (let at = 0; at < characters.length; ) {
    const head = characters.slice(at, at + longest)
    const end = at + longest < characters.length ? findCut(head) : head.length
    pieces.push(head.slice(0, end).join('').trim())
    at += end
  }
  return pieces.filter((piece) => piece !== '')
}

function findCut(head: string[]): number {
  const behind = (isEnd: (character: string) => boolean) => head.findLastIndex(isEnd) + 1
  return (
    behind((character) => '。！？；\n'.includes(character)) ||
    behind((character) => '.!?;'.includes(character)) ||
    behind((character) => /\s/.test(character)) ||
    head.length
  )
}
