/** Lists the ways to publish a reply's text: coalesced pieces, as a worker does it, or a PUBLISH for each piece. */
export const PUBLISH_MODES = ['coalesced', 'each'] as const
export type PublishMode = (typeof PUBLISH_MODES)[number]

/** Asks the writer to publish pieces of text of all these replies. Its response has the number of pieces. */
export interface WriteRequest {
  mode: PublishMode
  replies: Array<{ message_id: string; event_id: string }>
  attempt: number
  /** Sets the number of pieces of each reply per second. */
  piecesPerSecond: number
  durationMs: number
}
