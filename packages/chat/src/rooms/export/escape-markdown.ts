import { isUnchangedLine, markDeceptive } from '@engineer-chat/markdown'
import { transformOutsideCode } from '../../prompting/index.ts'

/**
 * Escapes Markdown that others wrote: no image is loaded, HTML means nothing, no heading looks like one of the
 * document, and no words become a link because another message defines a reference.
 */
const escapeInline = (text: string): string =>
  transformOutsideCode(text, (prose) =>
    prose
      .replaceAll('<', '&lt;')
      .replaceAll('![', '&#33;\\[') // Some renderers undo one escape inside a link.
      .replaceAll(']:', ']\\:')
      .replace(SETEXT, '$1\\$2'),
  )

/** Matches a line of `=` or `-`, which makes a heading of the line above it. */
const SETEXT = /^( {0,3})([=-])(?=[=-]*[ \t]*$)/gm

/** Makes every line part of a quotation. */
export const quoteText = (text: string): string =>
  escapeInline(markDeceptive(text))
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')

/** Puts data into a fence, where each character stays as it is. A line that no renderer changes needs no fence. */
export function quoteData(data: string): string {
  const text = markDeceptive(data)
  if (isUnchangedLine(text)) return `> ${text}`
  const fence = '`'.repeat(1 + findLongestTicks(text))
  const lines = text.replace(/(?:\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/)
  return [`${fence}text`, ...lines, fence].map((line) => `> ${line}`).join('\n')
}

function findLongestTicks(text: string): number {
  let longest = 2
  for (const [ticks] of text.matchAll(/`+/g)) longest = Math.max(longest, ticks.length)
  return longest
}

/** Turns a text into one line without markup and without an address that becomes a link. */
export const toPlainText = (text: string): string =>
  markDeceptive(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>()#+!|~&$@-]/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=www)\./gi, '\\$&') // Otherwise an address becomes a link that takes the next backslash.
