/** Describes a reply that ended as an error and can be asked again. It has ids and codes, but no text. */
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
  /** Lists the newest first. If `code` is set, it lists only replies that failed with it. */
  list(query: { code?: string; limit: number }): Promise<DeadLetter[]>
  /** Resolves to undefined if the message is not a dead letter, or not any longer. */
  find(message_id: string): Promise<DeadLetter | undefined>
  count(): Promise<number>
}
