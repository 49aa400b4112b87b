import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { readMachineCpu, TICK_US } from './processes.ts'

/** Other programs may use this share of the machine during a measurement. */
const MAX_OTHERS_SHARE = 0.08
const SAMPLE_MS = 250

/**
 * Measures while other programs use little of the machine. It waits `waitMs` at most for such a moment, and repeats a
 * measurement up to `tries` times if other programs used too much. It keeps the one during which they used least.
 */
export class IdleMachine {
  readonly #tries: number
  readonly #waitMs: number
  /** Holds the share of the machine that other programs used during each measurement that was kept. */
  readonly keptShares: number[] = []

  constructor({ tries, waitMs }: { tries: number; waitMs: number }) {
    this.#tries = tries
    this.#waitMs = waitMs
  }

  async measure<Result>(run: () => Promise<Result>): Promise<Result> {
    let best: { result: Result; othersShare: number } | undefined
    for (let attempt = 1; attempt <= this.#tries; attempt++) {
      await this.#waitUntilIdle()
      const readShare = watchOtherPrograms()
      const result = await run()
      const othersShare = readShare()
      if (best === undefined || othersShare < best.othersShare) best = { result, othersShare }
      if (best.othersShare <= MAX_OTHERS_SHARE) break
    }
    if (best === undefined) throw new Error('A measurement needs at least one try.')
    this.keptShares.push(best.othersShare)
    return best.result
  }

  /** Measures without waiting or repeating, because the measurement is long, or what it measures is rare. */
  async measureOnce<Result>(run: () => Promise<Result>): Promise<Result> {
    const readShare = watchOtherPrograms()
    const result = await run()
    this.keptShares.push(readShare())
    return result
  }

  async #waitUntilIdle(): Promise<void> {
    const deadline = performance.now() + this.#waitMs
    while (performance.now() < deadline) {
      const readShare = watchOtherPrograms()
      await sleep(SAMPLE_MS)
      if (readShare() < MAX_OTHERS_SHARE) return
    }
  }
}

/** Starts to watch other programs. The returned function reads their share of the machine since this call. */
function watchOtherPrograms(): () => number {
  const start = { machineUs: readMachineCpu(), treeUs: readTreeCpu(), atMs: performance.now() }
  return () => {
    const elapsedUs = (performance.now() - start.atMs) * 1_000 * navigator.hardwareConcurrency
    return Math.max(0, readMachineCpu() - start.machineUs - (readTreeCpu() - start.treeUs)) / elapsedUs
  }
}

/** Reads the processor time of this process and of all its descendants, including ended ones, in µs. */
function readTreeCpu(): number {
  const stats = readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? (readStat(pid) ?? []) : []))
  const tree = new Set([process.pid])
  for (const { pid, parent } of stats.sort((a, b) => a.pid - b.pid)) if (tree.has(parent)) tree.add(pid)
  return stats.reduce((sum, { pid, ticks }) => (tree.has(pid) ? sum + ticks * TICK_US : sum), 0)
}

function readStat(pid: string): { pid: number; parent: number; ticks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { pid: Number(pid), parent: Number(fields[1]), ticks }
  } catch {
    return undefined // The process has ended meanwhile.
  }
}
