import type { ReplyRef } from './reply-queue.ts'

/** Holds a part of a reply's text that is being written. `index` numbers the deltas of an attempt from 0. */
export interface TextDelta extends ReplyRef {
  event_id: string
  index: number
  text: string
}

/** Holds the text that an attempt has written so far. The next delta has the index `next_index`. */
export interface ReplyText {
  attempt: number
  next_index: number
  text: string
}

/** Sends a model's text to readers in deltas while it arrives. Deltas are coalesced. No method waits or throws. */
export interface ReplyStreams {
  open(ref: ReplyRef, event_id: string): ReplyStream
}

export interface ReplyStream {
  append(text: string): void
  /** Sends the remaining deltas. The final row that follows replaces the text of all deltas. */
  end(): void
}
