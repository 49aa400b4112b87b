import type { Span } from '../nodes.ts'
import type { DelimiterRun } from './emphasis.ts'

export interface TextPiece extends Span {
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

/** Describes one piece of a leaf's text. Emphasis is paired and the tree is built after all pieces are read. */
export type Piece =
  | TextPiece
  | DelimiterRun
  | OpenBracket
  | CloseBracket
  | (Span & { type: 'code'; value: string })
  | (Span & { type: 'autolink'; address: string })
  | (Span & { type: 'break' })
