import { toSpread } from '../measure/quantiles.ts'
import { spread } from '../report/report.ts'

/** A row of a table: each number with its spread. */
export function line<Values extends object>(label: string, results: Values[]): string[] {
  const keys = Object.keys(results[0] ?? {}) as Array<keyof Values>
  return [label, ...keys.map((key) => spread(toSpread(results.map((one) => Number(one[key])))))]
}
