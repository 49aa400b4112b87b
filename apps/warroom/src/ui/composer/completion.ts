/** Holds the whole text of the message box after a suggestion was chosen, and the new position of the caret. */
export interface Completion {
  text: string
  caret: number
  /** Says whether the text already contains the suggested word. Enter then sends the text. */
  isComplete: boolean
}

/**
 * Replaces the text from `start` to `caret` by a word, and puts the caret behind the word and a space. Before a line
 * break there is no space. The rest of the text keeps its line breaks and their indentation.
 */
export function completeWord(
  text: string,
  { start, caret }: { start: number; caret: number },
  word: string,
): Completion {
  const rest = text.slice(caret).replace(/^[ \t]+/, '')
  const completedText = `${text.slice(0, start)}${word}${/^[\r\n]/.test(rest) ? '' : ' '}`
  return { text: completedText + rest, caret: completedText.length, isComplete: text.slice(start, caret) === word }
}
