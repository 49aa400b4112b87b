import { markDeceptive } from '@engineer-chat/markdown'
import { transformOutsideCode } from '../../prompting/index.ts'

/**
 * Escapes Markdown that others wrote: no image is loaded, HTML means nothing, no heading looks like one of the
 * document, and no words become a link because another message defines a reference.
 */
const escapeInline = (text: string): string =>
  transformOutsideCode(text, (prose) =>
    prose
      .replaceAll('<', '&lt;')
      .replaceAll('![', '&#33;\\[') // Both are escaped, as some renderers undo the one inside a link.
      .replaceAll(']:', ']\\:')
      .replace(SETEXT, '$1\\$2'),
  )

/** A line of `=` or `-` makes a heading of the one above it. */
const SETEXT = /^( {0,3})([=-])(?=[=-]*[ \t]*$)/gm

/** Makes every line part of a quotation. */
export const quoteText = (text: string): string =>
  escapeInline(markDeceptive(text))
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')

/** Makes one line in which nothing is markup. */
export const toPlainText = (text: string): string =>
  markDeceptive(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&')
