/** A reply that ended as an error, and can be asked again. Ids and codes; no text. */
export interface DeadLetter {
  message_id: string
  event_id: string
  /** Whose question it was. */
  user_id: string
  code: string | null
  /** How often a worker began it. */
  attempts: number
  asked_at: string
  failed_at: string
}

export interface DeadLetterStore {
  /** The newest first; those of one cause alone, if it is named. */
  list(query: { code?: string; limit: number }): Promise<DeadLetter[]>
  /** Undefined: it is none, or none any more. */
  find(message_id: string): Promise<DeadLetter | undefined>
  count(): Promise<number>
}
