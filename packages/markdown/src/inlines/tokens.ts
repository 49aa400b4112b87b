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
  /** Is the bracket at the end of the link's text, or undefined if there is no link. */
  closing?: CloseBracket
}

export interface CloseBracket extends Span {
  type: 'close'
  address: string
}

/**
 * Describes one token of a leaf's text: plain text, or markup. Emphasis is paired and the tree is built after all tokens
 * are read.
 */
export type InlineToken =
  | TextToken
  | DelimiterRun
  | OpenBracket
  | CloseBracket
  | (Span & { type: 'code'; value: string })
  | (Span & { type: 'autolink'; address: string })
  | (Span & { type: 'break' })
