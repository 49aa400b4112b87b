import type { Usage } from './processes.ts'

/** Names the bottleneck: the process that uses its whole core, or all cores of the machine, or the wait for a disk. */
export function findBottleneck<Name extends string>(
  { cpuUs, elapsedMs, machineUs }: Usage<Name>,
  singleCore: Name,
): string {
  const budgetUs = elapsedMs * 1_000
  const formatShare = (usedUs: number, totalUs: number) => `${Math.round((100 * usedUs) / totalUs)}%`
  const cores = navigator.hardwareConcurrency
  if (cpuUs[singleCore] > 0.9 * budgetUs)
    return `${singleCore} (${formatShare(cpuUs[singleCore], budgetUs)} of its core)`
  if (machineUs > 0.9 * budgetUs * cores)
    return `the machine (${formatShare(machineUs, budgetUs * cores)} of ${cores} cores)`
  return `waiting (${formatShare(machineUs, budgetUs * cores)} of ${cores} cores used)`
}
