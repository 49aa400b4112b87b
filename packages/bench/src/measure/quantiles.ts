/** Returns the `q`-quantile: a share `q` of all values is smaller. Returns NaN if there are no values. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

export const median = (values: ArrayLike<number>): number => quantile(values, 0.5)

/** Summarizes the measurements of several rounds. */
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

/** Divides values of the same round, because the machine was in about the same state during both measurements. */
export const toRatioStats = (numerators: number[], denominators: number[]): RoundStats =>
  toRoundStats(numerators.map((value, round) => value / (denominators[round] ?? Number.NaN)))
