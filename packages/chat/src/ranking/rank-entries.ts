import { isPair } from './list-terms.ts'

/** Limits how much a term that occurs often in an entry adds to the entry's score (BM25's `k1`). */
const TERM_SATURATION = 1.2
/** Says how much a long entry is discounted: 0 not at all, 1 in proportion to its length (BM25's `b`). */
const LENGTH_DISCOUNT = 0.75
/**
 * A scope with fewer entries is treated as if it had this many, because each term would be in a large part of its few
 * entries.
 */
const MIN_ENTRIES = 50
/**
 * A pair of Chinese or Japanese characters that no entry holds may be no word: it may be the last character of one word
 * and the first of the next. So only this share of its weight counts towards its question's total (Q of `relevance`).
 */
const UNKNOWN_PAIR_SHARE = 0.5

/** Says how relevant an entry must be to fit a query. */
export interface RelevanceLimits {
  /** If the best entry is less relevant than this, no entry fits. */
  minBest: number
  /** An entry that is less relevant than this does not fit. */
  minEach: number
}

/** A question is about its room, so a message fits if it has any term of the question. */
export const MESSAGE_RELEVANCE_LIMITS: RelevanceLimits = { minBest: 0, minEach: 0 }
/** Many questions need no document. These numbers were measured with the golden set (`packages/proof/golden`). */
export const PIECE_RELEVANCE_LIMITS: RelevanceLimits = { minBest: 0.65, minEach: 0.3 }

/**
 * The text of an event is long, so another event of the same kind has only a part of its terms. In the golden set, all
 * events that are found by their text with a `minEach` of 0.5 are really similar; with 0.3, 82 % of them are, and with
 * 0.05 a quarter.
 */
export const EVENT_RELEVANCE_LIMITS: RelevanceLimits = { minBest: 0, minEach: 0.5 }

/** Counts the entries that are ranked together: a room's messages, pieces of documents, or events. */
export interface ScopeStats {
  entries: number
  /** Is the sum of the lengths of all entries. */
  totalLength: number
}

/**
 * Holds the entries that contain a term of the query. A query has the terms of the present question and, with less
 * weight, terms of earlier questions.
 */
export interface TermPostings {
  term: string
  /** Says how much the question of this term counts: 1 (the default) for the present one, less for earlier ones. */
  questionWeight?: number
  /** Counts the entries that contain the term. */
  count: number
  /** `frequency` counts the term in the entry, `length` counts all terms of the entry. */
  forEach(visit: (entry: number, frequency: number, length: number) => void): void
}

export interface RankedEntry {
  /** Is the number of the entry: the position of a message, or the number of a piece or event in the index. */
  entry: number
  /** Holds BM25's score. Scores are comparable within one query and one scope. */
  score: number
  /**
   * Says how well the entry fits; it is comparable across queries and scopes. It is `score / U * min(1, E / Q)`, where
   * U is the weight of a term that only one entry contains, E the weight of the query's terms in the entry, and Q the
   * weight of all terms of the question, or of an earlier question if its terms weigh more.
   */
  relevance: number
}

/**
 * Ranks entries by BM25, the best first; entries with equal scores have the newest first. It leaves out entries that do
 * not fit, so the list may be empty. `terms` has one item for each term of the query, also if no entry holds the term.
 */
export function rankEntries(
  stats: ScopeStats,
  terms: TermPostings[],
  limit: number,
  relevanceLimits = MESSAGE_RELEVANCE_LIMITS,
): RankedEntry[] {
  const sums = new Map<number, Sum>()
  // No two questions of the query have the same weight (1, 0.5, 0.25), so the weight is the key of a question's total.
  const totalsByQuestionWeight = new Map<number, number>()
  for (const postings of terms) {
    const { term, count, questionWeight = 1 } = postings
    const weight = questionWeight * computeRarity(stats.entries, count)
    const countedWeight = count === 0 && isPair(term) ? weight * UNKNOWN_PAIR_SHARE : weight
    totalsByQuestionWeight.set(questionWeight, (totalsByQuestionWeight.get(questionWeight) ?? 0) + countedWeight)
    addScores(sums, stats, postings, weight)
  }
  // The question and the earlier questions may have different subjects, so an entry needs the terms of only one of
  // them.
  const totalWeight = Math.max(0, ...totalsByQuestionWeight.values())
  const uniqueTermWeight = computeRarity(stats.entries, 1)
  const best: RankedEntry[] = []
  let maxRelevance = 0
  for (const [entry, { score, weight }] of sums) {
    const relevance = (score * Math.min(1, weight / totalWeight)) / uniqueTermWeight
    maxRelevance = Math.max(maxRelevance, relevance)
    if (relevance >= relevanceLimits.minEach) insertRanked(best, { entry, score, relevance }, limit)
  }
  return maxRelevance >= relevanceLimits.minBest ? best : []
}

/** Keeps a list sorted and at most `limit` long, because sorting all entries of a long room takes milliseconds. */
function insertRanked(best: RankedEntry[], candidate: RankedEntry, limit: number): void {
  const { score, entry } = candidate
  const place =
    1 + best.findLastIndex((ranked) => ranked.score > score || (ranked.score === score && ranked.entry > entry))
  if (place >= limit) return
  best.splice(place, 0, candidate)
  if (best.length > limit) best.pop()
}

/**
 * Keeps only the entries that a reader may know of, also in the statistics by which entries are scored. Otherwise a
 * score would reveal how many of the hidden entries contain a term.
 */
export function restrictToEntries(
  terms: TermPostings[],
  knownEntries: ReadonlySet<number>,
): { stats: ScopeStats; postings: TermPostings[] } {
  const lengths = new Map<number, number>()
  const postings = terms.map(({ forEach: forEachEntry, ...otherFields }): TermPostings => {
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
  // The postings do not visit an entry that has no term of the query. Its length is assumed to be the average of the
  // visited ones.
  const totalLength = lengths.size === 0 ? 0 : (visitedLength / lengths.size) * knownEntries.size
  return { stats: { entries: knownEntries.size, totalLength }, postings }
}

/** Adds up the scores and the weights of the query's terms that an entry holds. */
interface Sum {
  score: number
  weight: number
}

function addScores(sums: Map<number, Sum>, stats: ScopeStats, postings: TermPostings, weight: number): void {
  const averageLength = Math.max(1, stats.totalLength / Math.max(1, stats.entries))
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

/** Returns BM25's inverse document frequency: a term in few entries says much, a term in all of them almost nothing. */
function computeRarity(entries: number, count: number): number {
  return Math.log(1 + (Math.max(entries, count, MIN_ENTRIES) - count + 0.5) / (count + 0.5))
}
