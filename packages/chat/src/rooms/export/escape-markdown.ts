import { isShownUnchanged, markDeceptive } from '@engineer-chat/markdown'
import { transformOutsideCode } from '../../prompting/index.ts'

/**
 * Escapes parts of a Markdown text that others wrote, outside of its code. No image is loaded, and HTML is shown as
 * text. A line of `=` or `-` makes no heading. The text defines no link references, because these would turn texts of
 * other messages into links.
 */
const escapeMarkdown = (text: string): string =>
  transformOutsideCode(text, (prose) =>
    prose
      .replaceAll('<', '&lt;')
      // Both characters of `![` are escaped, because some renderers undo one escape inside a link.
      .replaceAll('![', '&#33;\\[')
      .replaceAll(']:', ']\\:')
      .replace(SETEXT_UNDERLINE, '$1\\$2'),
  )

/** Matches the start of a line that has only `=` or only `-`. Such a line makes a heading of the line above it. */
const SETEXT_UNDERLINE = /^( {0,3})([=-])(?=[=-]*[ \t]*$)/gm

/** Writes a Markdown text as a block quote: `> ` is before each line. */
export const quoteMarkdown = (text: string): string =>
  escapeMarkdown(markDeceptive(text))
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')

/**
 * Writes a plain text as a block quote with a code block in it, so that no renderer reads the text as Markdown. A
 * single line that every renderer shows unchanged needs no code block.
 */
export function quotePlainText(text: string): string {
  const markedText = markDeceptive(text)
  if (isShownUnchanged(markedText)) return `> ${markedText}`
  const fence = '`'.repeat(Math.max(MIN_FENCE_LENGTH, 1 + findLongestRunLength(markedText)))
  const lines = markedText.replace(/(?:\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/)
  return [`${fence}text`, ...lines, fence].map((line) => `> ${line}`).join('\n')
}

const MIN_FENCE_LENGTH = 3

/** Returns the length of the text's longest run of backticks. A fence around the text has to be longer. */
function findLongestRunLength(text: string): number {
  let longest = 0
  for (const [backticks] of text.matchAll(/`+/g)) longest = Math.max(longest, backticks.length)
  return longest
}

/**
 * Writes a text as one line of Markdown in which no character has a meaning: it makes no markup, and a URL becomes no
 * link. A run of blanks or line breaks becomes one blank.
 */
export const escapeToOneLine = (text: string): string =>
  markDeceptive(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>()#+!|~&$@-]/g, '\\$&')
    // Renderers make links of `://` and `www.` without any markup. A backslash before the `:` or the `.` prevents that.
    // The address of such a link would be wrong, because it would contain the other backslashes.
    .replace(/:(?=\/\/)|(?<=www)\./gi, '\\$&')
