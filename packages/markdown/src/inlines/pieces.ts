import type { Span } from '../nodes.ts'
import type { Run } from './emphasis.ts'

export interface TextPiece extends Span {
  type: 'text'
  value: string
}

/** An opening bracket of a link or an image. */
export interface Open extends Span {
  type: 'open'
  isImage: boolean
  /** Where the link's words end, if it is one. */
  closed?: Close
}

export interface Close extends Span {
  type: 'close'
  address: string
}

/** What a leaf's text is cut into, in its order, before emphasis is paired and the tree is built. */
export type Piece =
  | TextPiece
  | Run
  | Open
  | Close
  | (Span & { type: 'code'; value: string })
  | (Span & { type: 'autolink'; address: string })
  | (Span & { type: 'break' })
