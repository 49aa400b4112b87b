import type { RoundStats } from '../measure/quantiles.ts'

export interface Table {
  title: string
  head: string[]
  rows: string[][]
  /** Lists sentences that stand below the table and explain it. */
  notes?: string[]
}

/** Describes one line of the list of goals. */
export interface Goal {
  /** Names the value that is measured. */
  what: string
  /** Holds the limit with its comparison, such as `≤ 10 ms`. */
  goal: string
  measured: string
  met: boolean
}

export interface BenchReport {
  bench: string
  tables: Table[]
  goals: Goal[]
  /** Holds all measurements, for readers who want other numbers. Its keys stay, so that reports can be compared. */
  data: unknown
}

/** Adds when and for how long the bench ran, and on which machine. */
export interface StoredReport extends BenchReport {
  started_at: string
  seconds: number
  cores: number
  node: string
  /** Holds the largest share of the machine that other processes used during a measurement: 0.1 is a tenth. */
  others: number
}

export const createMinimumGoal = (what: string, limit: number, measured: RoundStats): Goal => ({
  what,
  goal: `≥ ${limit}`,
  measured: formatStats(measured),
  met: measured.median >= limit,
})

/** Creates a goal with an upper limit. The unit is empty for a ratio or a count. */
export function createMaximumGoal(what: string, limit: number, unit: string, measured: RoundStats): Goal {
  const suffix = unit === '' ? '' : ` ${unit}`
  return {
    what,
    goal: `≤ ${limit}${suffix}`,
    measured: `${formatStats(measured)}${suffix}`,
    met: measured.median <= limit,
  }
}

/** Formats a number with at most two decimals. A large number has fewer. A dash means that it was not measured. */
export const formatNumber = (value: number): string => {
  if (!Number.isFinite(value)) return '–'
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}

/** Formats the median and the range of the rounds. */
export const formatStats = ({ median, min, max }: RoundStats): string =>
  min === max ? formatNumber(median) : `${formatNumber(median)} (${formatNumber(min)}..${formatNumber(max)})`
