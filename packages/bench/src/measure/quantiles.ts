/** Returns the value below which the share `q` of all values lies; NaN if there are no values. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

export const median = (values: ArrayLike<number>): number => quantile(values, 0.5)

/** Sums up what several rounds measured. */
export interface RoundStats {
  median: number
  min: number
  max: number
}

export const toRoundStats = (values: number[]): RoundStats => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
})

/** Divides round by round, because the two measurements of a round ran within the same minute. */
export const toRatioStats = (numerators: number[], denominators: number[]): RoundStats =>
  toRoundStats(numerators.map((value, round) => value / (denominators[round] ?? Number.NaN)))
