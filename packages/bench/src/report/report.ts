import type { Spread } from '../measure/quantiles.ts'

export interface Table {
  title: string
  head: string[]
  rows: string[][]
  /** What a reader has to know to judge it. */
  notes?: string[]
}

/** One line of the list of goals. */
export interface Goal {
  what: string
  goal: string
  measured: string
  met: boolean
}

export interface Report {
  bench: string
  tables: Table[]
  goals: Goal[]
  /** All that was measured, for those who want to reckon themselves. */
  data: unknown
}

/** A report as it is kept, with where it comes from. */
export interface Stored extends Report {
  started_at: string
  seconds: number
  cores: number
  node: string
  /** What other processes took of the machine while something was measured, at most: 0.1 is a tenth. */
  others: number
}

export const atLeast = (what: string, limit: number, measured: Spread): Goal => ({
  what,
  goal: `≥ ${limit}`,
  measured: spread(measured),
  met: measured.median >= limit,
})

export const atMost = (what: string, limit: number, unit: string, measured: Spread): Goal => ({
  what,
  goal: `≤ ${limit}${unit && ` ${unit}`}`,
  measured: `${spread(measured)}${unit && ` ${unit}`}`,
  met: measured.median <= limit,
})

export const number = (value: number): string => {
  if (!Number.isFinite(value)) return '–'
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}

/** The median, and from where to where the rounds went. */
export const spread = ({ median, min, max }: Spread): string =>
  min === max ? number(median) : `${number(median)} (${number(min)}..${number(max)})`
