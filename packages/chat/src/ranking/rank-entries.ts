import { isPair } from './list-terms.ts'

/** Limits how much a term that occurs often in an entry adds to its score (BM25's `k1`). */
const TERM_SATURATION = 1.2
/** Says how much a long entry is discounted: 0 not at all, 1 in proportion to its length (BM25's `b`). */
const LENGTH_DISCOUNT = 0.75
/**
 * A scope with fewer entries is treated as if it had this many, because each term would be in a large part of its few
 * entries.
 */
const MIN_ENTRIES = 50
/**
 * A pair of characters that no entry holds counts half, because it may be the last character of one (Chinese or
 * Japanese) word and the first of the next.
 */
const UNKNOWN_PAIR = 0.5

/** Says how relevant an entry must be to fit a query. */
export interface Fit {
  /** No entry fits if the best one has less. */
  best: number
  /** An entry with less does not fit. */
  each: number
}

/** A question is about its room, so that each message fits that has a term of it. */
export const MESSAGE_FIT: Fit = { best: 0, each: 0 }
/** Many questions need no document. These numbers were measured with the golden set. */
export const PIECE_FIT: Fit = { best: 0.65, each: 0.3 }

/**
 * The text of an event is long, so that another event of the same kind has a part of its terms. With 0.5, all events
 * that the golden set finds by their text are similar ones; with 0.3, 82 % are, and with 0.05 a quarter.
 */
export const EVENT_FIT: Fit = { best: 0, each: 0.5 }

/** Describes what is ranked together: a room's messages, or the pieces of documents. */
export interface ScopeStats {
  entries: number
  /** Adds up the lengths of all entries. */
  totalLength: number
}

/** Holds the entries that contain a term of the query. */
export interface TermPostings {
  term: string
  /** Says how much the term counts, 1 if it is missing. Terms of earlier questions count less. */
  weight?: number
  count: number
  forEach(visit: (entry: number, frequency: number, length: number) => void): void
}

export interface RankedEntry {
  entry: number
  /** Holds BM25's score. Scores are comparable within one query and one scope. */
  score: number
  /**
   * Says how well the entry fits. It compares entries of any queries and scopes. It is the score, divided by the weight
   * of a term that only one entry contains, times the share of the query's weight that the entry holds.
   */
  relevance: number
}

/**
 * Ranks entries by BM25, the best first, and of equal ones the newest first. It leaves out entries that do not fit,
 * so the list is empty if none does. There is one `TermPostings` for each term of the query, also if no entry holds
 * the term.
 */
export function rankEntries(stats: ScopeStats, terms: TermPostings[], limit: number, fit = MESSAGE_FIT): RankedEntry[] {
  const found = new Map<number, Sum>()
  // Terms of one question have the same weight, so there is one total for each question.
  const totalsByWeight = new Map<number, number>()
  for (const postings of terms) {
    const { term, count, weight: share = 1 } = postings
    const weight = share * weighTerm(stats.entries, count)
    const part = count === 0 && isPair(term) ? weight * UNKNOWN_PAIR : weight
    totalsByWeight.set(share, (totalsByWeight.get(share) ?? 0) + part)
    addScores(found, stats, postings, weight)
  }
  // The question and the earlier questions may have different subjects, so an entry needs the terms of only one of
  // them.
  const totalWeight = Math.max(0, ...totalsByWeight.values())
  const unit = weighTerm(stats.entries, 1)
  const best: RankedEntry[] = []
  let maxRelevance = 0
  for (const [entry, { score, weight }] of found) {
    const relevance = (score * Math.min(1, weight / totalWeight)) / unit
    maxRelevance = Math.max(maxRelevance, relevance)
    if (relevance >= fit.each) insertRanked(best, { entry, score, relevance }, limit)
  }
  return maxRelevance >= fit.best ? best : []
}

/** Keeps a list sorted and at most `limit` long, because sorting all entries of a long room takes milliseconds. */
function insertRanked(best: RankedEntry[], next: RankedEntry, limit: number): void {
  const { score, entry } = next
  const place =
    1 + best.findLastIndex((ranked) => ranked.score > score || (ranked.score === score && ranked.entry > entry))
  if (place >= limit) return
  best.splice(place, 0, next)
  if (best.length > limit) best.pop()
}

/**
 * Leaves out the entries that a reader may not know of, and excludes them from the statistics by which the others are
 * scored. A score would reveal how many of them contain a term.
 */
export function keepEntries(
  terms: TermPostings[],
  known: ReadonlySet<number>,
): { stats: ScopeStats; postings: TermPostings[] } {
  const lengths = new Map<number, number>()
  const postings = terms.map(({ forEach: forEachOf, ...term }): TermPostings => {
    const forEach: TermPostings['forEach'] = (visit) =>
      forEachOf((entry, frequency, length) => {
        if (known.has(entry)) visit(entry, frequency, length)
      })
    let count = 0
    forEach((entry, _, length) => {
      count += 1
      lengths.set(entry, length)
    })
    return { ...term, count, forEach }
  })
  const foundLength = [...lengths.values()].reduce((sum, length) => sum + length, 0)
  // Entries that hold no term are assumed to be as long as the others on average.
  const totalLength = lengths.size === 0 ? 0 : (foundLength / lengths.size) * known.size
  return { stats: { entries: known.size, totalLength }, postings }
}

/** Adds up what an entry has of the query. */
interface Sum {
  score: number
  weight: number
}

function addScores(found: Map<number, Sum>, stats: ScopeStats, postings: TermPostings, weight: number): void {
  const averageLength = Math.max(1, stats.totalLength / Math.max(1, stats.entries))
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

/** Returns the inverse document frequency: a term in few entries says much, and one in all of them almost nothing. */
function weighTerm(entries: number, count: number): number {
  return Math.log(1 + (Math.max(entries, count, MIN_ENTRIES) - count + 0.5) / (count + 0.5))
}
