/** Lists the ways to publish: coalesced pieces, as a worker does it, or a PUBLISH for each piece. */
export const PUBLISH_MODES = ['coalesced', 'each'] as const
export type PublishMode = (typeof PUBLISH_MODES)[number]

/** Tells the writer to publish pieces of all these replies at this pace. It answers with the number of pieces. */
export interface WriteCommand {
  mode: PublishMode
  replies: Array<{ message_id: string; event_id: string }>
  attempt: number
  /** Is the rate of each reply. */
  piecesPerSecond: number
  durationMs: number
}
