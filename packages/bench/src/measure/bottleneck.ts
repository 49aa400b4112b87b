import type { Usage } from './processes.ts'

/** Returns the bottleneck: a process that uses its whole core, else the machine, else the wait for a disk. */
export function findBottleneck<Name extends string>({ cpu, elapsed_ms, machine }: Usage<Name>, single: Name): string {
  const budget_us = elapsed_ms * 1_000
  const share = (used: number, of: number) => `${Math.round((100 * used) / of)}%`
  const cores = navigator.hardwareConcurrency
  if (cpu[single] > 0.9 * budget_us) return `${single} (${share(cpu[single], budget_us)} of its core)`
  if (machine > 0.9 * budget_us * cores) return `the machine (${share(machine, budget_us * cores)} of ${cores} cores)`
  return `waiting (${share(machine, budget_us * cores)} of ${cores} cores used)`
}
