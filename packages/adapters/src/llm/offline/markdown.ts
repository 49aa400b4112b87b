const INVISIBLE = /[\p{Cf}\p{Cc}]/gu

/** Shows foreign text as plain text: it contains nothing hidden, no image, no disguised link and no HTML. */
export function toPlainText(text: string): string {
  return text
    .replace(INVISIBLE, (char) => (char === '\n' || char === '\t' ? char : ''))
    .replaceAll('<', '&lt;')
    .replaceAll('![', '!\\[')
    .replaceAll('](', ']\\(')
    .replaceAll('```', "'''")
}

/** Cuts the text at a line or a word after at most `maxCharacters` characters, and says that it was cut. */
export function cutText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text
  const head = text.slice(0, maxCharacters)
  const end = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '), head.lastIndexOf('。') + 1)
  return `${head
    .slice(0, end > maxCharacters / 2 ? end : maxCharacters)
    .trimEnd()
    .toWellFormed()} […]`
}

/** Formats a block quote. Headings in it become bold lines, so that they don't join the answer's own outline. */
export function quoteText(text: string): string {
  return toPlainText(text.trim())
    .split('\n')
    .map((line) => `> ${line.replace(/^\s*#{1,6}\s+(.+?)\s*#*$/, '**$1**')}`.trimEnd())
    .join('\n')
}

export const toCode = (text: string): string => `\`${text.replaceAll('`', "'")}\``

/** Writes a time like `2026-11-22 12:20 UTC`. */
export const formatTime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

export const toCodeList = (values: string[], maxCount: number): string => {
  const shown = values.slice(0, maxCount).map(toCode).join(', ')
  return values.length > maxCount ? `${shown} (+${values.length - maxCount})` : shown
}
