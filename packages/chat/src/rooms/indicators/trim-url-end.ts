/** These characters at the end belong to the sentence or to its Markdown. */
const PUNCTUATION = '.,;:!?*_~\\'
const OPENING_BY_CLOSING: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

/** Cuts a URL before a closing bracket that it did not open, and removes the sentence's punctuation at its end. */
export function trimUrlEnd(text: string): string {
  const openBrackets: string[] = []
  let end = 0
  for (; end < text.length; end += 1) {
    const character = text.charAt(end)
    const opening = OPENING_BY_CLOSING[character]
    if ('([{'.includes(character)) openBrackets.push(character)
    else if (opening !== undefined && openBrackets.pop() !== opening) break
  }
  while (end > 0 && PUNCTUATION.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
