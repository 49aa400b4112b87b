import type { Source } from './list-sources.ts'

/** These kinds are many and short: whole ones are taken in the order of their priority until the space is used. */
export const isRoomSource = ({ kind }: Pick<Source, 'kind'>): boolean => KIND_ORDER.includes(kind)

/**
 * This is the constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009). It decides how much more the
 * first ranks count than the later ones.
 */
const RANK_CONSTANT = 60

/**
 * Sorts sources by priority, which adds up how new they are among their kind and how well they fit the question. Of two
 * that are equal the one of the earlier kind in `KIND_ORDER` comes first. A source comes last if a newer one of its
 * kind has the same text. The given sources are sorted with the oldest of each kind first.
 */
export function sortByPriority<S extends Pick<Source, 'kind' | 'rank' | 'text'>>(sources: readonly S[]): S[] {
  const counts = new Map<Source['kind'], number>()
  const scores = new Map<S, number>()
  const said = new Set<string>()
  for (const source of sources.toReversed()) {
    const words = `${source.kind} ${source.text}`
    const isRepeated = said.has(words)
    said.add(words)
    const rank = (counts.get(source.kind) ?? 0) + 1
    if (!isRepeated) counts.set(source.kind, rank)
    scores.set(source, isRepeated ? 0 : weigh(rank) + (source.rank === undefined ? 0 : weigh(source.rank)))
  }
  const order = (source: S): number => KIND_ORDER.indexOf(source.kind)
  return sources.toReversed().sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || order(a) - order(b))
}

const weigh = (rank: number): number => 1 / (RANK_CONSTANT + rank)

const KIND_ORDER: Array<Source['kind']> = ['pin', 'message', 'document', 'incident', 'change']

/** Takes the items that fit into the space, in the order of priority; it skips an item that does not fit. */
export function takeWhatFits<T>(
  items: readonly T[],
  sorted: readonly T[],
  space: number,
  estimateCost: (item: T) => number,
): T[] {
  let left = space
  const taken = new Set<T>()
  for (const item of sorted) {
    const cost = estimateCost(item)
    if (cost > left) continue
    taken.add(item)
    left -= cost
  }
  return items.filter((item) => taken.has(item))
}
