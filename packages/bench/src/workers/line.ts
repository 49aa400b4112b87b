import { toRoundStats } from '../measure/quantiles.ts'
import { formatStats as toText } from '../report/report.ts'

/** Makes a row of a table: each number with its spread. */
export function toRow<Values extends object>(label: string, results: Values[]): string[] {
  const rows = results.map((one) => new Map<string, number>(Object.entries(one)))
  const keys = [...(rows[0]?.keys() ?? [])]
  return [label, ...keys.map((key) => toText(toRoundStats(rows.map((row) => row.get(key) ?? Number.NaN))))]
}
