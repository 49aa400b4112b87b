import type { Span } from '../nodes.ts'
import type { DelimiterRun } from './emphasis.ts'

export interface TextToken extends Span {
  type: 'text'
  value: string
}

/** Describes an opening bracket of a link or an image. */
export interface OpenBracket extends Span {
  type: 'open'
  isImage: boolean
  /** Holds the token that ends the link or image. It is undefined if the bracket begins none. */
  closing?: LinkEnd
}

/** Covers `](address)`: the closing bracket and the destination. */
export interface LinkEnd extends Span {
  type: 'close'
  address: string
}

/**
 * Describes one token of a text: plain text, or markup. Emphasis is paired and the tree is built after all tokens are
 * read.
 */
export type InlineToken =
  | TextToken
  | DelimiterRun
  | OpenBracket
  | LinkEnd
  | (Span & { type: 'code'; value: string })
  | (Span & { type: 'autolink'; address: string })
  | (Span & { type: 'break' })
