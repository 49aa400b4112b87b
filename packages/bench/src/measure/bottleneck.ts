import type { Usage } from './processes.ts'

/**
 * Names the bottleneck: the single-threaded process if it uses over 90% of its core, the machine if over 90% of all
 * cores are used, or else waiting, for example for a disk.
 */
export function findBottleneck<Name extends string>(
  { cpuUs, elapsedMs, machineUs }: Usage<Name>,
  singleThreaded: Name,
): string {
  const coreUs = elapsedMs * 1_000
  const formatShare = (usedUs: number, totalUs: number) => `${Math.round((100 * usedUs) / totalUs)}%`
  const cores = navigator.hardwareConcurrency
  if (cpuUs[singleThreaded] > 0.9 * coreUs)
    return `${singleThreaded} (${formatShare(cpuUs[singleThreaded], coreUs)} of its core)`
  if (machineUs > 0.9 * coreUs * cores)
    return `the machine (${formatShare(machineUs, coreUs * cores)} of ${cores} cores)`
  return `waiting (${formatShare(machineUs, coreUs * cores)} of ${cores} cores used)`
}
