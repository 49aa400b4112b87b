const PUNCTUATION = '.,;:!?*_~\\'
const CLOSING: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

/** Cuts a URL before a closing bracket that it did not open, and removes the sentence's punctuation at its end. */
export function cutUrl(text: string): string {
  const open: string[] = []
  let end = 0
  for (; end < text.length; end += 1) {
    const character = text.charAt(end)
    if ('([{'.includes(character)) open.push(character)
    else if (CLOSING[character] !== undefined && open.pop() !== CLOSING[character]) break
  }
  while (end > 0 && PUNCTUATION.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
