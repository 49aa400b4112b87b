import type { Source } from './list-sources.ts'

/**
 * Returns true for a source of a kind in `PRIORITIZED_KINDS`. These sources are many and mostly short, so whole ones
 * are taken by priority until the tokens are used.
 */
export const isPrioritized = ({ kind }: Pick<Source, 'kind'>): boolean => PRIORITIZED_KINDS.includes(kind)

/**
 * This is the constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009). It decides how much more the
 * first ranks count than the later ones.
 */
const RANK_CONSTANT = 60

/**
 * Sorts sources by priority: how new they are among their kind, plus how well they fit the question. For
 * `BEST_FIRST_KINDS`, the fit counts twice. Equal scores follow the order of `PRIORITIZED_KINDS`. A source comes last
 * if a newer or better one of its kind has the same text. In `sources`, those of `BEST_FIRST_KINDS` have to come best
 * first, and those of each other kind oldest first.
 */
export function sortByPriority<S extends Pick<Source, 'kind' | 'rank' | 'text'>>(sources: readonly S[]): S[] {
  const oldestFirst = sources.filter((source) => !isBestFirst(source))
  const bestOrNewestFirst = [...sources.filter(isBestFirst), ...oldestFirst.toReversed()]
  const counts = new Map<Source['kind'], number>()
  const scores = new Map<S, number>()
  const seenTexts = new Set<string>()
  for (const source of bestOrNewestFirst) {
    const kindAndText = `${source.kind} ${source.text}`
    const isRepeated = seenTexts.has(kindAndText)
    seenTexts.add(kindAndText)
    const place = (counts.get(source.kind) ?? 0) + 1
    if (!isRepeated) counts.set(source.kind, place)
    scores.set(source, isRepeated ? 0 : toScore(place) + (source.rank === undefined ? 0 : toScore(source.rank)))
  }
  const getKindOrder = ({ kind }: S): number => PRIORITIZED_KINDS.indexOf(kind)
  return bestOrNewestFirst.sort(
    (a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || getKindOrder(a) - getKindOrder(b),
  )
}

/** Sources of these kinds are listed in the order in which they fit, the best first. */
const BEST_FIRST_KINDS: ReadonlyArray<Source['kind']> = ['document', 'incident']

const isBestFirst = ({ kind }: Pick<Source, 'kind'>): boolean => BEST_FIRST_KINDS.includes(kind)

const toScore = (rank: number): number => 1 / (RANK_CONSTANT + rank)

/** Lists the kinds of sources that are taken by priority. At equal scores, an earlier kind comes first. */
const PRIORITIZED_KINDS: Array<Source['kind']> = ['pin', 'message', 'document', 'incident', 'change']

/**
 * Returns the items that have at most `maxTokens` together, in the order of `items`. They are tried in the order of
 * `sorted`, and one that does not fit is skipped.
 */
export function takeWhatFits<T>(
  items: readonly T[],
  sorted: readonly T[],
  maxTokens: number,
  countTokens: (item: T) => number,
): T[] {
  let tokensLeft = maxTokens
  const taken = new Set<T>()
  for (const item of sorted) {
    const tokens = countTokens(item)
    if (tokens > tokensLeft) continue
    taken.add(item)
    tokensLeft -= tokens
  }
  return items.filter((item) => taken.has(item))
}
