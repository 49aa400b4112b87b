export { BlockReader } from './block-reader.ts'
export { escapeLeadingBlanks, escapeMarkdown, escapeMarkdownLines } from './character-references.ts'
export { findSelectedText } from './find-selection.ts'
export { type FrontMatter, readFrontMatter } from './front-matter.ts'
export { GrowingText } from './growing-text.ts'
export { type AnchoredHeading, listHeadings } from './headings.ts'
export { NESTING_LIMITS } from './limits.ts'
export type {
  Autolink,
  Block,
  Code,
  Emphasis,
  Heading,
  Inline,
  Link,
  List,
  Span,
  Table,
  Text,
  TextBlock,
} from './nodes.ts'
export { listCodeRanges, listTextBlocks, parseMarkdown } from './parse-markdown.ts'
export { type PlainPart, parsePlain, toVisiblePlain } from './parse-plain.ts'
export { defang, refang } from './text/addresses.ts'
export { escapeHiddenInJson, markDeceptive, removeDeceptiveMarks } from './text/deceptive.ts'
export { findHiddenDestination, toSafeHref } from './text/links.ts'
export { isShownUnchanged, toCodeSpan, toVerbatim } from './verbatim.ts'
export { toVisibleBlocks, toVisibleInlines, toVisibleText, type VisibleOptions } from './visible.ts'
