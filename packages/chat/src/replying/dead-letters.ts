/** A reply that ended as an error, and can be asked again. Ids and codes; no text. */
export interface DeadLetter {
  message_id: string
  event_id: string
  /** This user asked the question. */
  user_id: string
  code: string | null
  /** Counts how often a worker started the reply. */
  attempts: number
  asked_at: string
  failed_at: string
}

export interface DeadLetterStore {
  /** The newest first; those of one cause alone, if it is named. */
  list(query: { code?: string; limit: number }): Promise<DeadLetter[]>
  /** Resolves to undefined if the message is no dead letter, or no longer one. */
  find(message_id: string): Promise<DeadLetter | undefined>
  count(): Promise<number>
}
