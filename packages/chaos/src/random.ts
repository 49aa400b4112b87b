/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** 0 to 1. */
  next(): number
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  /** Of a list that isn't empty. */
  pick<T>(items: readonly T[]): T
  chance(of: number): boolean
  /** One of its own, so that what is drawn here doesn't move what is drawn there. */
  branch(name: string): Random
}

export function seeded(seed: number): Random {
  let state = seed >>> 0
  // mulberry32
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
    pick: <T>(items: readonly T[]) => items[between(0, items.length - 1)] as T,
    chance: (of) => next() < of,
    branch: (name) =>
      seeded([...name].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16_777_619), seed)),
  }
}
