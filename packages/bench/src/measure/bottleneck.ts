import type { Usage } from './processes.ts'

/**
 * Names the bottleneck: the single-threaded process if it uses over 90% of its core, the machine if over 90% of all
 * cores are used, or else waiting, for example for a disk.
 */
export function findBottleneck<Name extends string>(
  { cpuUs, elapsedMs, machineUs }: Usage<Name>,
  singleThreaded: Name,
): string {
  const cores = navigator.hardwareConcurrency
  const coreCapacityUs = elapsedMs * 1_000
  const machineCapacityUs = coreCapacityUs * cores
  const formatShare = (usedUs: number, capacityUs: number) => `${Math.round((100 * usedUs) / capacityUs)}%`
  if (cpuUs[singleThreaded] > 0.9 * coreCapacityUs)
    return `${singleThreaded} (${formatShare(cpuUs[singleThreaded], coreCapacityUs)} of its core)`
  if (machineUs > 0.9 * machineCapacityUs)
    return `the machine (${formatShare(machineUs, machineCapacityUs)} of ${cores} cores)`
  return `waiting (${formatShare(machineUs, machineCapacityUs)} of ${cores} cores used)`
}
