/** Describes a reply that ended as an error and may be retried. A dead letter has ids and codes, but no text. */
export interface DeadLetter {
  message_id: string
  event_id: string
  /** Orders letters that failed in the same millisecond. Letters of two rooms may have the same `seq`. */
  seq: number
  /** Is the id of the asker. */
  user_id: string
  /** Is the code of the error, or null if the stored row has none. */
  code: string | null
  /** Is the number of the reply's last attempt, not a count of its tries. */
  attempts: number
  asked_at: string
  failed_at: string
}

/** Selects the letters that failed with this code, or all letters if `code` is not set. */
interface DeadLetterFilter {
  code?: string
}

export interface DeadLetterStore {
  /** Lists letters, the one that failed last first. With `after`, lists only those that come after it in this order. */
  list(query: DeadLetterFilter & { limit: number; after?: DeadLetter | undefined }): Promise<DeadLetter[]>
  /** Resolves to undefined if the message is not, or no longer, a dead letter. */
  find(message_id: string): Promise<DeadLetter | undefined>
  count(filter?: DeadLetterFilter): Promise<number>
}

const PAGE_SIZE = 200

/**
 * Yields pages of the newest dead letters, at most `limit` letters in total. If a letter is retried between two pages,
 * the next page still begins after the last letter that was read.
 */
export async function* readDeadLetters(
  store: DeadLetterStore,
  { limit, ...filter }: DeadLetterFilter & { limit: number },
): AsyncGenerator<DeadLetter[]> {
  let after: DeadLetter | undefined
  for (let lettersLeft = limit; lettersLeft > 0; lettersLeft -= PAGE_SIZE) {
    const page = await store.list({ ...filter, limit: Math.min(lettersLeft, PAGE_SIZE), after })
    if (page.length > 0) yield page
    after = page.at(-1)
    if (page.length < PAGE_SIZE) return
  }
}
