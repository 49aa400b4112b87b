/** Pairs an item with its weight. An item of weight 4 is picked twice as often as one of weight 2. */
export type Weighted<T> = [weight: number, item: T]

/** Draws numbers that look random and are the same for the same seed. */
export interface Random {
  /** Draws an integer from `low` to `high`, including both. */
  drawInteger(low: number, high: number): number
  /** Draws an item. @throws when the list is empty */
  pick<T>(items: readonly T[]): T
  /** Picks an item by the weights. @throws when the list is empty */
  pickWeighted<T>(items: ReadonlyArray<Weighted<T>>): T
  /** Returns true with the given probability. */
  drawBoolean(probability: number): boolean
  /** Creates another generator whose numbers do not depend on what is drawn here. */
  branch(name: string): Random
}

/** Computes the FNV-1a hash of a text, with the seed instead of FNV's offset basis. */
const hash = (text: string, seed: number): number =>
  [...text].reduce((value, letter) => Math.imul(value ^ letter.charCodeAt(0), FNV_PRIME), seed)

const FNV_PRIME = 16_777_619

/** Creates a generator that uses the algorithm mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const drawFraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const drawInteger = (low: number, high: number) => low + Math.floor(drawFraction() * (high - low + 1))
  return {
    drawInteger,
    pick: (items) => {
      const index = drawInteger(0, items.length - 1)
      // An item may itself be undefined, so only the length of this slice says whether the list has an item here.
      for (const item of items.slice(index, index + 1)) return item
      throw new Error('There is nothing to pick from.')
    },
    pickWeighted: (items) => {
      let remaining = drawFraction() * items.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, item] of items) {
        remaining -= weight
        if (remaining < 0) return item
      }
      throw new Error('There is nothing to pick from.')
    },
    drawBoolean: (probability) => drawFraction() < probability,
    branch: (name) => createRandom(hash(name, seed)),
  }
}
