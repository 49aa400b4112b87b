/** Creates values that are the same in every run. */
export interface SeededRandom {
  /** Returns a number from 0 to 1, never 1 itself. */
  next(): number
  /** Returns a whole number from 0 to `max - 1`. */
  below(max: number): number
  pick<T>(items: readonly T[]): T
  /** Returns the items in a new order. */
  shuffle<T>(items: readonly T[]): T[]
  /** Returns this many characters of an alphabet. */
  text(length: number, alphabet: string): string
}

/** Implements the generator mulberry32. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (max: number) => Math.floor(next() * max)
  return {
    next,
    below,
    shuffle: (items) =>
      items
        .map((item) => ({ item, key: next() }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ item }) => item),
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    text: (length, alphabet) => Array.from({ length }, () => alphabet[below(alphabet.length)]).join(''),
  }
}
