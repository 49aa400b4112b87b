import { transformOutsideCode } from '../../prompting/index.ts'

/**
 * Others' Markdown in a document of ours: no image is loaded, no HTML means anything, no heading is taken for one of ours, and
 * nobody's words become a link because another message says where it leads.
 */
const escapeInline = (text: string): string =>
  transformOutsideCode(text, (prose) =>
    prose
      .replaceAll('<', '&lt;')
      .replaceAll('![', '&#33;\\[') // both, as some renderers undo the one within a link
      .replaceAll(']:', ']\\:')
      .replace(SETEXT, '$1\\$2'),
  )

/** A line of `=` or `-` makes a heading of the one above it. */
const SETEXT = /^( {0,3})([=-])(?=[=-]*[ \t]*$)/gm

/** As a quotation, line by line. */
export const quoteText = (text: string): string =>
  escapeInline(text)
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')

/** In a line of ours: nothing in it is markup. */
export const toPlainText = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&')
