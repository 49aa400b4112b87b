/** Draws numbers that look random and are the same for the same seed. */
export interface Random {
  /** Draws a number from 0 up to 1. */
  next(): number
  /** Draws a whole number, both ends included. */
  between(low: number, high: number): number
  /** Draws an item. @throws when the list is empty */
  pick<T>(items: readonly T[]): T
  chance(of: number): boolean
  /** Creates another sequence, so that draws here do not change draws there. */
  branch(name: string): Random
}

/** Uses the generator mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    pick: (items) => {
      for (const item of items.slice(between(0, items.length - 1))) return item
      throw new Error('There is nothing to pick from.')
    },
    chance: (of) => next() < of,
    branch: (name) =>
      createRandom([...name].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16_777_619), seed)),
  }
}
