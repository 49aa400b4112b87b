import type { Source } from './list-sources.ts'

/**
 * Returns true for a source of a kind in `KIND_ORDER`. These sources are many and mostly short, so whole ones are taken
 * by priority until the space is used.
 */
export const isPrioritized = ({ kind }: Pick<Source, 'kind'>): boolean => KIND_ORDER.includes(kind)

/**
 * This is the constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009). It decides how much more the
 * first ranks count than the later ones.
 */
const RANK_CONSTANT = 60

/**
 * Sorts sources by priority: how new they are among their kind, plus how well they fit the question. For
 * `BEST_FIRST_KINDS`, the fit counts twice. Equal scores follow `KIND_ORDER`. A source comes last if a newer or better
 * one of its kind has the same text. `sources` has `BEST_FIRST_KINDS` with the best first, other kinds with the oldest.
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
  const getKindOrder = ({ kind }: S): number => KIND_ORDER.indexOf(kind)
  return bestOrNewestFirst.sort(
    (a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || getKindOrder(a) - getKindOrder(b),
  )
}

/** Sources of these kinds are listed in the order in which they fit, the best first. */
const BEST_FIRST_KINDS: ReadonlyArray<Source['kind']> = ['document', 'incident']

const isBestFirst = ({ kind }: Pick<Source, 'kind'>): boolean => BEST_FIRST_KINDS.includes(kind)

const toScore = (rank: number): number => 1 / (RANK_CONSTANT + rank)

/** Lists the kinds that are taken by priority: those of the room, pieces of documents, and other incidents. */
const KIND_ORDER: Array<Source['kind']> = ['pin', 'message', 'document', 'incident', 'change']

/**
 * Returns the items that fit into the space together, in the order of `items`. They are tried in the order of `sorted`,
 * and one that does not fit is skipped.
 */
export function takeWhatFits<T>(
  items: readonly T[],
  sorted: readonly T[],
  space: number,
  estimateCost: (item: T) => number,
): T[] {
  let spaceLeft = space
  const taken = new Set<T>()
  for (const item of sorted) {
    const cost = estimateCost(item)
    if (cost > spaceLeft) continue
    taken.add(item)
    spaceLeft -= cost
  }
  return items.filter((item) => taken.has(item))
}
