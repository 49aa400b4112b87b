import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { readMachineCpuUs, TICK_US } from './processes.ts'

/** Other programs may use this share of the processor time of all cores during a measurement. */
export const MAX_OTHER_PROGRAMS_SHARE = 0.08
const SAMPLE_MS = 250

/**
 * Measures while other programs use little processor time. Before each try, it waits at most `waitMs` for such a
 * moment. It measures again if they used too much, up to `tries` times in total, and returns the result of the try
 * during which they used the least.
 */
export class Measurer {
  readonly #tries: number
  readonly #waitMs: number
  /** Lists, for each kept measurement, the share of all processor time that other programs used during it. */
  readonly otherProgramsShares: number[] = []

  constructor({ tries, waitMs }: { tries: number; waitMs: number }) {
    this.#tries = tries
    this.#waitMs = waitMs
  }

  async measure<Result>(run: () => Promise<Result>): Promise<Result> {
    let best: { result: Result; otherProgramsShare: number } | undefined
    for (let tryNumber = 1; tryNumber <= this.#tries; tryNumber++) {
      await this.#waitUntilIdle()
      const readShare = watchOtherPrograms()
      const result = await run()
      const otherProgramsShare = readShare()
      if (best === undefined || otherProgramsShare < best.otherProgramsShare) best = { result, otherProgramsShare }
      if (best.otherProgramsShare <= MAX_OTHER_PROGRAMS_SHARE) break
    }
    if (best === undefined) throw new Error('A measurement needs at least one try.')
    this.otherProgramsShares.push(best.otherProgramsShare)
    return best.result
  }

  /** Measures without waiting or repeating. Long measurements use it. */
  async measureOnce<Result>(run: () => Promise<Result>): Promise<Result> {
    const readShare = watchOtherPrograms()
    const result = await run()
    this.otherProgramsShares.push(readShare())
    return result
  }

  async #waitUntilIdle(): Promise<void> {
    const deadlineMs = performance.now() + this.#waitMs
    while (performance.now() < deadlineMs) {
      const readShare = watchOtherPrograms()
      await sleep(SAMPLE_MS)
      if (readShare() < MAX_OTHER_PROGRAMS_SHARE) return
    }
  }
}

/**
 * Starts to watch other programs. The returned function reads the share of all cores that they have used since the
 * start.
 */
function watchOtherPrograms(): () => number {
  const start = { machineUs: readMachineCpuUs(), treeUs: readTreeCpuUs(), atMs: performance.now() }
  return () => {
    const capacityUs = (performance.now() - start.atMs) * 1_000 * navigator.hardwareConcurrency
    const machineUs = readMachineCpuUs() - start.machineUs
    const treeUs = readTreeCpuUs() - start.treeUs
    return Math.max(0, machineUs - treeUs) / capacityUs
  }
}

/** Reads the processor time of this process and of all its descendants, including ended ones, in µs. */
function readTreeCpuUs(): number {
  const processes = readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? (readProcess(pid) ?? []) : []))
  const tree = new Set([process.pid])
  // A process usually has a higher pid than its parent, so parents come first in this order.
  for (const { pid, parent } of processes.sort((a, b) => a.pid - b.pid)) if (tree.has(parent)) tree.add(pid)
  return processes.reduce((sum, { pid, ticks }) => (tree.has(pid) ? sum + ticks * TICK_US : sum), 0)
}

function readProcess(pid: string): { pid: number; parent: number; ticks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets. It may contain spaces, so the split begins after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // These are utime, stime, cutime and cstime of proc(5). The last two belong to ended children.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    const [, parent] = fields // The first of these fields is the state.
    return { pid: Number(pid), parent: Number(parent), ticks }
  } catch {
    return undefined // The process has ended since the directory was read.
  }
}
