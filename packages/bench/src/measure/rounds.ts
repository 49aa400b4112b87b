import type { Measurer } from './measurer.ts'
import { toRecord } from './record.ts'

/** Measures A, B, C, and then A, B, C again. A machine that becomes slower then affects all of them equally. */
export async function measureAlternately<Name extends string, Result>(
  measurer: Measurer,
  names: readonly Name[],
  rounds: number,
  measure: (name: Name, round: number) => Promise<Result>,
): Promise<Record<Name, Result[]>> {
  const results = toRecord(names, (): Result[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await measurer.measure(() => measure(name, round)))
  }
  return results
}
