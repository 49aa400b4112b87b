/** Converts a written address such as `hxxps[:]//evil[.]example` to the address that it stands for. */
export function refang(written: string): string {
  return written
    .replace(/^hxxp/i, 'http')
    .replace(/^fxp/i, 'ftp')
    .replace(/\[(:\/\/|:|\/)\]/g, '$1')
    .replace(/ ?(?:\[(?:\.|dot)\]|\((?:\.|dot)\)|\{\.\}) ?/gi, '.')
    .replace(/ ?(?:\[(?:@|at)\]|\((?:@|at)\)) ?/i, '@')
}

const PUNCTUATION = '.,;:!?*_~\\'
const CLOSING: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

/** Cuts a URL where a bracket closes that it didn't open, and removes the punctuation of the sentence at its end. */
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
