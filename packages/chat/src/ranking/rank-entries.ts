/** Limits how much a term that occurs often in an entry adds to its score (BM25's `k1`). */
export const TERM_SATURATION = 1.2
/** Says how much a long entry is discounted: 0 not at all, 1 in proportion to its length (BM25's `b`). */
export const LENGTH_DISCOUNT = 0.75
/** An entry that holds less than this share of what the query's terms say does not fit the query. */
export const MIN_RELEVANCE = 0.25

/** Describes what is ranked together: a room's messages, or the pieces of documents. */
export interface ScopeStats {
  entries: number
  /** Adds up the lengths of all entries. */
  totalLength: number
}

/** Holds the entries that contain a term of the query. */
export interface TermPostings {
  count: number
  forEach(visit: (entry: number, frequency: number, length: number) => void): void
}

export interface RankedEntry {
  entry: number
  /** Is BM25's score. It compares entries of one query and one scope. */
  score: number
  /** Is the share, from 0 to 1, of what the query's terms say that the entry holds. Rare terms say more. */
  relevance: number
}

/**
 * Ranks entries by BM25, the best first, and of equal ones the newest first. It leaves out entries that do not fit,
 * so the list is empty if none does. There is one `TermPostings` for each term of the query, also if no entry holds
 * the term.
 */
export function rankEntries({ entries, totalLength }: ScopeStats, terms: TermPostings[], limit: number): RankedEntry[] {
  const found = new Map<number, { score: number; weight: number }>()
  const averageLength = Math.max(1, totalLength / Math.max(1, entries))
  let totalWeight = 0
  for (const postings of terms) {
    const weight = weighTerm(entries, postings.count)
    totalWeight += weight
    postings.forEach((entry, frequency, length) => {
      const relativeLength = 1 - LENGTH_DISCOUNT + (LENGTH_DISCOUNT * length) / averageLength
      const score = (weight * frequency * (TERM_SATURATION + 1)) / (frequency + TERM_SATURATION * relativeLength)
      const sum = found.get(entry)
      if (sum === undefined) found.set(entry, { score, weight })
      else {
        sum.score += score
        sum.weight += weight
      }
    })
  }
  const minWeight = totalWeight * MIN_RELEVANCE
  return [...found]
    .filter(([, { weight }]) => weight >= minWeight)
    .sort(([one, { score }], [other, { score: otherScore }]) => otherScore - score || other - one)
    .slice(0, limit)
    .map(([entry, { score, weight }]) => ({ entry, score, relevance: weight / totalWeight }))
}

/** Returns the inverse document frequency: a term in few entries says much, and one in all of them almost nothing. */
function weighTerm(entries: number, count: number): number {
  return Math.log(1 + (Math.max(entries, count) - count + 0.5) / (count + 0.5))
}
