import { isCjkTerm } from './list-terms.ts'

/** Limits how much a term that occurs often in an entry adds to the entry's score (BM25's `k1`). */
const TERM_SATURATION = 1.2
/** Says how much the score of a long entry is reduced: 0 not at all, 1 in proportion to its length (BM25's `b`). */
const LENGTH_DISCOUNT = 0.75
/**
 * In a scope with fewer entries, the weights of terms are computed as if it had this many. Otherwise each term would be
 * in a large part of its entries, and so have a low weight.
 */
const MIN_ENTRIES = 50
/**
 * Is for a pair of Chinese or Japanese characters that is in no entry. The pair may be no word, but the last character
 * of a word and the first of the next. So only this share of its weight counts towards Q, the total of its question
 * (see `relevance`).
 */
const UNKNOWN_CJK_SHARE = 0.5

/** Says how relevant an entry must be to fit a query. */
export interface RelevanceLimits {
  /** If no entry is at least this relevant, no entry fits. */
  minBest: number
  /** An entry that is less relevant than this does not fit. */
  minEach: number
}

/** A question is about its room, so a message fits if it has any term of the question. */
export const MESSAGE_RELEVANCE_LIMITS: RelevanceLimits = { minBest: 0, minEach: 0 }
/**
 * Many questions need no document, so pieces have to be relevant. The golden set (`packages/proof/golden`) gave the
 * numbers.
 */
export const PIECE_RELEVANCE_LIMITS: RelevanceLimits = { minBest: 0.65, minEach: 0.3 }

/**
 * The query is an event's own text. It is long, so even a similar event has only a part of its terms. In the golden
 * set, all events that are found with a `minEach` of 0.5 are really similar. With 0.3, 82 % of the found ones are
 * similar, with 0.05 only 25 %.
 */
export const EVENT_RELEVANCE_LIMITS: RelevanceLimits = { minBest: 0, minEach: 0.5 }

/** Counts the entries that are ranked together: a room's messages, pieces of documents, or events. */
export interface ScopeStats {
  entryCount: number
  /** Is the sum of the lengths of all entries. The length of an entry is the number of its terms. */
  totalLength: number
}

/**
 * Describes a term of the query and visits the entries that contain it. A query has the terms of the present question
 * and, with less weight, terms of earlier questions.
 */
export interface TermPostings {
  term: string
  /**
   * Is the weight of the question that has this term: 1 (the default) for the present question, less for an earlier
   * one.
   */
  questionWeight?: number
  /** Is the number of entries that contain the term. */
  count: number
  /**
   * Calls `visit` for each entry that contains the term. `frequency` counts the term there, `length` all terms there.
   */
  forEach(visit: (entry: number, frequency: number, length: number) => void): void
}

export interface RankedEntry {
  /** Is the number of the entry: the position of a message, or the number of a piece or event in the index. */
  entry: number
  /** Holds BM25's score. Scores are comparable within one query and one scope. */
  score: number
  /**
   * Says how well the entry fits. Values are comparable across queries and scopes. The formula is
   * `score / U * min(1, E / Q)`. U is the weight of a term that only one entry contains. E is the sum of the weights of
   * the query's terms in the entry. Q is the sum of the weights of all terms of one question: the sum is made for each
   * question of the query, and Q is the highest.
   */
  relevance: number
}

/**
 * Returns at most `limit` entries, sorted by BM25's score, the highest first. Of entries with equal scores, the newest
 * is first. Entries that do not fit are left out, so the list may be empty. `terms` has one item for each term of the
 * query, also if no entry contains the term.
 */
export function rankEntries(
  stats: ScopeStats,
  terms: TermPostings[],
  limit: number,
  relevanceLimits = MESSAGE_RELEVANCE_LIMITS,
): RankedEntry[] {
  const sums = new Map<number, EntrySums>()
  // No two questions of the query have the same weight (1, 0.5, 0.25), so the weight is the key of a question's total.
  const totalsByQuestionWeight = new Map<number, number>()
  for (const postings of terms) {
    const { term, count, questionWeight = 1 } = postings
    const weight = questionWeight * computeRarity(stats.entryCount, count)
    const countedWeight = count === 0 && isCjkTerm(term) ? weight * UNKNOWN_CJK_SHARE : weight
    totalsByQuestionWeight.set(questionWeight, (totalsByQuestionWeight.get(questionWeight) ?? 0) + countedWeight)
    addScores(sums, stats, postings, weight)
  }
  // The questions of a query may have different subjects. So an entry is compared with the total of one question, not
  // with the sum of all totals.
  const totalWeight = Math.max(0, ...totalsByQuestionWeight.values())
  const uniqueTermWeight = computeRarity(stats.entryCount, 1)
  const best: RankedEntry[] = []
  let maxRelevance = 0
  for (const [entry, { score, weight }] of sums) {
    const relevance = (score * Math.min(1, weight / totalWeight)) / uniqueTermWeight
    maxRelevance = Math.max(maxRelevance, relevance)
    if (relevance >= relevanceLimits.minEach) insertRanked(best, { entry, score, relevance }, limit)
  }
  return maxRelevance >= relevanceLimits.minBest ? best : []
}

/**
 * Inserts an entry at its place in a sorted list that has at most `limit` entries. To sort all entries of a long
 * room would take milliseconds.
 */
function insertRanked(best: RankedEntry[], candidate: RankedEntry, limit: number): void {
  const { score, entry } = candidate
  const place =
    1 + best.findLastIndex((ranked) => ranked.score > score || (ranked.score === score && ranked.entry > entry))
  if (place >= limit) return
  best.splice(place, 0, candidate)
  if (best.length > limit) best.pop()
}

/**
 * Returns the terms and the statistics as if a scope had only the entries that a reader may know of. Otherwise a score
 * would reveal how many of the hidden entries contain a term.
 */
export function restrictToEntries(
  terms: TermPostings[],
  knownEntries: ReadonlySet<number>,
): { stats: ScopeStats; terms: TermPostings[] } {
  const lengths = new Map<number, number>()
  const knownTerms = terms.map(({ forEach: forEachEntry, ...otherFields }): TermPostings => {
    const forEach: TermPostings['forEach'] = (visit) =>
      forEachEntry((entry, frequency, length) => {
        if (knownEntries.has(entry)) visit(entry, frequency, length)
      })
    let count = 0
    forEach((entry, _, length) => {
      count += 1
      lengths.set(entry, length)
    })
    return { ...otherFields, count, forEach }
  })
  const visitedLength = [...lengths.values()].reduce((sum, length) => sum + length, 0)
  // `forEach` does not visit an entry without a term of the query, so the length of such an entry is not known. It is
  // assumed to be the average of the visited entries.
  const totalLength = lengths.size === 0 ? 0 : (visitedLength / lengths.size) * knownEntries.size
  return { stats: { entryCount: knownEntries.size, totalLength }, terms: knownTerms }
}

/** Holds the sums of the scores and of the weights of those terms of the query that an entry contains. */
interface EntrySums {
  score: number
  weight: number
}

function addScores(sums: Map<number, EntrySums>, stats: ScopeStats, postings: TermPostings, weight: number): void {
  const averageLength = Math.max(1, stats.totalLength / Math.max(1, stats.entryCount))
  postings.forEach((entry, frequency, length) => {
    const relativeLength = 1 - LENGTH_DISCOUNT + (LENGTH_DISCOUNT * length) / averageLength
    const score = (weight * frequency * (TERM_SATURATION + 1)) / (frequency + TERM_SATURATION * relativeLength)
    const sum = sums.get(entry)
    if (sum === undefined) sums.set(entry, { score, weight })
    else {
      sum.score += score
      sum.weight += weight
    }
  })
}

/**
 * Returns BM25's inverse document frequency, for at least `MIN_ENTRIES` entries. It is high for a term in few entries.
 * In a scope of at least `MIN_ENTRIES` entries, it is almost 0 for a term in all.
 */
function computeRarity(entryCount: number, holderCount: number): number {
  return Math.log(1 + (Math.max(entryCount, holderCount, MIN_ENTRIES) - holderCount + 0.5) / (holderCount + 0.5))
}
