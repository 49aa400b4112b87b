/** Describes a reply that ended as an error and can be asked again. It has ids and codes, but no text. */
export interface DeadLetter {
  message_id: string
  event_id: string
  /** Orders the letters that failed in the same millisecond. */
  seq: number
  /** This user asked the question. */
  user_id: string
  code: string | null
  /** This is the number of the reply's last attempt. Each claim and each further call to a model raises it. */
  attempts: number
  asked_at: string
  failed_at: string
}

/** If `code` is set, only replies that failed with this code are listed. */
interface DeadLetterFilter {
  code?: string
}

export interface DeadLetterStore {
  /** Lists the newest letters first. With `after`, the list begins behind that letter. */
  list(query: DeadLetterFilter & { limit: number; after?: DeadLetter | undefined }): Promise<DeadLetter[]>
  /** Resolves to undefined if the message is not, or no longer, a dead letter. */
  find(message_id: string): Promise<DeadLetter | undefined>
  count(filter?: DeadLetterFilter): Promise<number>
}

const PAGE_SIZE = 200

/**
 * Reads the newest dead letters, at most `limit`, in pages. A letter that is retried meanwhile does not shift the
 * pages.
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
