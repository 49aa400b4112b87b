/** The exact value below which the share `q` of all values lies; NaN of none. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

export const median = (values: ArrayLike<number>): number => quantile(values, 0.5)

/** What several rounds gave. */
export interface Spread {
  median: number
  min: number
  max: number
}

export const toSpread = (values: number[]): Spread => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
})

/** Round by round, since both stood in the same minute of the same machine. */
export const toRatio = (these: number[], those: number[]): Spread =>
  toSpread(these.map((value, round) => value / (those[round] ?? Number.NaN)))
