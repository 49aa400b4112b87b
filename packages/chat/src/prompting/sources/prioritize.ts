import type { Source } from './list-sources.ts'

/**
 * Returns true for a source of a kind in `PRIORITIZED_KINDS`. These sources are many and mostly short. So they are
 * taken by priority, and a source that does not fit is left out. Sources of other kinds are cut instead.
 */
export const isPrioritized = ({ kind }: Pick<Source, 'kind'>): boolean => PRIORITIZED_KINDS.includes(kind)

/**
 * This is the constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009). It decides how much more the
 * first ranks count than the later ones.
 */
const RANK_CONSTANT = 60

/**
 * Sorts sources by score, the highest first. The score has two parts: the source's place among the sources of its
 * kind, and its rank (how well it fits the question). In `BEST_FIRST_KINDS`, the best source has place 1. In each other
 * kind, the newest source has place 1. At equal scores, the order of `PRIORITIZED_KINDS` decides. A source comes last
 * if a newer or better source of its kind has the same text. In `sources`, those of `BEST_FIRST_KINDS` have to come
 * best first, and those of each other kind oldest first.
 */
export function sortByPriority<S extends Pick<Source, 'kind' | 'rank' | 'text'>>(sources: readonly S[]): S[] {
  const oldestFirst = sources.filter((source) => !isBestFirst(source))
  const bestOrNewestFirst = [...sources.filter(isBestFirst), ...oldestFirst.toReversed()]
  const lastPlaces = new Map<Source['kind'], number>()
  const scores = new Map<S, number>()
  const seenTexts = new Set<string>()
  for (const source of bestOrNewestFirst) {
    const kindAndText = `${source.kind} ${source.text}`
    const isRepeated = seenTexts.has(kindAndText)
    seenTexts.add(kindAndText)
    const place = (lastPlaces.get(source.kind) ?? 0) + 1
    if (!isRepeated) lastPlaces.set(source.kind, place)
    scores.set(source, isRepeated ? 0 : toScore(place) + (source.rank === undefined ? 0 : toScore(source.rank)))
  }
  const getKindOrder = ({ kind }: S): number => PRIORITIZED_KINDS.indexOf(kind)
  return bestOrNewestFirst.sort(
    (a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || getKindOrder(a) - getKindOrder(b),
  )
}

/** Callers list sources of these kinds by how well they fit the question, the best first. */
const BEST_FIRST_KINDS: ReadonlyArray<Source['kind']> = ['document', 'incident']

const isBestFirst = ({ kind }: Pick<Source, 'kind'>): boolean => BEST_FIRST_KINDS.includes(kind)

const toScore = (placeOrRank: number): number => 1 / (RANK_CONSTANT + placeOrRank)

/** Lists the kinds of sources that are taken by priority. At equal scores, an earlier kind comes first. */
const PRIORITIZED_KINDS: Array<Source['kind']> = ['pin', 'message', 'document', 'incident', 'change']

/**
 * Chooses items that have at most `maxTokens` together. `byPriority` holds the same items in the order in which they
 * are tried. An item that does not fit is skipped, and the next one is tried. The result has the order of `items`.
 */
export function takeWhatFits<T>(
  items: readonly T[],
  byPriority: readonly T[],
  maxTokens: number,
  countTokens: (item: T) => number,
): T[] {
  let tokensLeft = maxTokens
  const taken = new Set<T>()
  for (const item of byPriority) {
    const tokens = countTokens(item)
    if (tokens > tokensLeft) continue
    taken.add(item)
    tokensLeft -= tokens
  }
  return items.filter((item) => taken.has(item))
}
