import type { Quiet } from './quiet.ts'

/** A B C A B C …: what drifts while it is measured drifts for all of them. */
export async function alternate<Name extends string, Result>(
  quiet: Quiet,
  names: readonly Name[],
  rounds: number,
  measure: (name: Name, round: number) => Promise<Result>,
): Promise<Record<Name, Result[]>> {
  const results = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<Name, Result[]>
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await quiet.measure(() => measure(name, round)))
  }
  return results
}
