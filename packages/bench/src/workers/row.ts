import { toRoundStats } from '../measure/quantiles.ts'
import { formatStats } from '../report/report.ts'

/** Formats measurements of several rounds as one row of a table. Each field is a column, in the order of the fields. */
export function toRow<Values extends object>(label: string, results: Values[]): string[] {
  const rows = results.map((result) => new Map<string, number>(Object.entries(result)))
  const keys = [...(rows[0]?.keys() ?? [])]
  return [label, ...keys.map((key) => formatStats(toRoundStats(rows.map((row) => row.get(key) ?? Number.NaN))))]
}
