import type { ReplyRef } from './reply-queue.ts'

/** Holds a part of the text of a reply that is being written. `index` counts the deltas of an attempt from 0. */
export interface TextDelta extends ReplyRef {
  event_id: string
  index: number
  text: string
}

/** Holds the text that an attempt has written so far. The next delta will have the index `next_index`. */
export interface ReplyText {
  attempt: number
  next_index: number
  text: string
}

/**
 * Sends a model's text to readers in deltas, while the text arrives. Several appended texts may become one delta. No
 * method waits or throws.
 */
export interface ReplyStreams {
  open(ref: ReplyRef, event_id: string): ReplyStream
}

/** Sends the text of one attempt of a reply. */
export interface ReplyStream {
  append(text: string): void
  /** Sends the text that is not sent yet. Readers then get the row of the ended reply, which replaces all deltas. */
  end(): void
}
