import type { ReplyRef } from './model.ts'

/** Holds one piece of a reply that is being written; `index` counts the pieces of an attempt from 0. */
export interface TextDelta extends ReplyRef {
  event_id: string
  index: number
  text: string
}

/** Holds the text that an attempt has written so far. The next piece has the index `next_index`. */
export interface ReplyText {
  attempt: number
  next_index: number
  text: string
}

/** Sends the pieces of a model's text to readers while they arrive. Pieces are coalesced. No method waits or throws. */
export interface ReplyStreams {
  open(ref: ReplyRef, event_id: string): ReplyStream
}

export interface ReplyStream {
  append(text: string): void
  /** Sends the remaining pieces. The final row that follows replaces the text of all pieces. */
  end(): void
}
