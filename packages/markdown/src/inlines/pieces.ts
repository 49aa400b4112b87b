import type { Span } from '../nodes.ts'
import type { Run } from './emphasis.ts'

export interface TextPiece extends Span {
  type: 'text'
  value: string
}

/** Is an opening bracket of a link or an image. */
export interface Open extends Span {
  type: 'open'
  isImage: boolean
  /** Is the end of the link's words, or undefined if it is no link. */
  closed?: Close
}

export interface Close extends Span {
  type: 'close'
  address: string
}

/** Is one piece of a leaf's text. Pieces are in the text's order, before emphasis is paired and the tree is built. */
export type Piece =
  | TextPiece
  | Run
  | Open
  | Close
  | (Span & { type: 'code'; value: string })
  | (Span & { type: 'autolink'; address: string })
  | (Span & { type: 'break' })
