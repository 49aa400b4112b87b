import { isShownUnchanged, markDeceptive } from '@engineer-chat/markdown'
import { transformOutsideCode } from '../../prompting/index.ts'

/**
 * Escapes Markdown that others wrote, so that no image is loaded, HTML is shown as text, no line of `=` or `-` makes a
 * heading, and no text becomes a link by a reference that another message defines.
 */
const escapeMarkdown = (text: string): string =>
  transformOutsideCode(text, (prose) =>
    prose
      .replaceAll('<', '&lt;')
      .replaceAll('![', '&#33;\\[') // Some renderers undo one escape inside a link.
      .replaceAll(']:', ']\\:')
      .replace(SETEXT, '$1\\$2'),
  )

/** Matches a line of `=` or `-`, which makes a heading of the line above it. */
const SETEXT = /^( {0,3})([=-])(?=[=-]*[ \t]*$)/gm

/** Writes a Markdown text as a quotation: `> ` is before each line. */
export const quoteMarkdown = (text: string): string =>
  escapeMarkdown(markDeceptive(text))
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')

/** Quotes a plain text in a code fence, which keeps each character. A text that no renderer changes needs no fence. */
export function quotePlainText(source: string): string {
  const text = markDeceptive(source)
  if (isShownUnchanged(text)) return `> ${text}`
  const fence = '`'.repeat(Math.max(MIN_FENCE_LENGTH, 1 + countLongestRun(text)))
  const lines = text.replace(/(?:\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/)
  return [`${fence}text`, ...lines, fence].map((line) => `> ${line}`).join('\n')
}

const MIN_FENCE_LENGTH = 3

/** Returns the length of the longest run of backticks. A fence around the text has to be longer. */
function countLongestRun(text: string): number {
  let longest = 0
  for (const [backticks] of text.matchAll(/`+/g)) longest = Math.max(longest, backticks.length)
  return longest
}

/** Writes a text as one line of Markdown that shows it as it is: without markup, and without a link for a URL. */
export const escapeToOneLine = (text: string): string =>
  markDeceptive(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>()#+!|~&$@-]/g, '\\$&')
    // A backslash within `://` or `www.` keeps a renderer from making a link, whose address would contain the escapes.
    .replace(/:(?=\/\/)|(?<=www)\./gi, '\\$&')
