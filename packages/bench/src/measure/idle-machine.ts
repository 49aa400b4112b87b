import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { readMachineCpu, TICK_US } from './processes.ts'

/** Other programs may use this share of the machine while something is measured. */
const MAX_OTHERS_SHARE = 0.08
const SAMPLE_MS = 250

/**
 * Measures while other programs use little of the machine. It waits `wait_ms` at most for such a moment, and repeats a
 * measurement up to `tries` times if others used too much. It keeps the measurement during which they used least.
 */
export class IdleMachine {
  readonly #tries: number
  readonly #wait_ms: number
  /** Holds the others' share of the machine during each measurement that was kept. */
  readonly others: number[] = []

  constructor({ tries, wait_ms }: { tries: number; wait_ms: number }) {
    this.#tries = tries
    this.#wait_ms = wait_ms
  }

  async measure<Result>(work: () => Promise<Result>): Promise<Result> {
    let best: { result: Result; others: number } | undefined
    for (
      let tryCount = 0;
      tryCount < this.#tries && (best === undefined || best.others > MAX_OTHERS_SHARE);
      tryCount++
    ) {
      await this.#waitUntilIdle()
      const readShare = watchOtherPrograms()
      const result = await work()
      const others = readShare()
      if (best === undefined || others < best.others) best = { result, others }
    }
    if (best === undefined) throw new Error('A measurement needs at least one try.')
    this.others.push(best.others)
    return best.result
  }

  async #waitUntilIdle(): Promise<void> {
    const deadline = performance.now() + this.#wait_ms
    while (performance.now() < deadline) {
      const readShare = watchOtherPrograms()
      await sleep(SAMPLE_MS)
      if (readShare() < MAX_OTHERS_SHARE) return
    }
  }
}

/** Returns a function that returns the share of the machine that other programs have used since this call. */
function watchOtherPrograms(): () => number {
  const before = { machine: readMachineCpu(), own: readTreeCpu(), at: performance.now() }
  return () => {
    const elapsed_us = (performance.now() - before.at) * 1_000 * navigator.hardwareConcurrency
    return Math.max(0, readMachineCpu() - before.machine - (readTreeCpu() - before.own)) / elapsed_us
  }
}

/** Reads the processor time of this process and of all its descendants, including ended ones, in µs. */
function readTreeCpu(): number {
  const stats = readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? (readStat(pid) ?? []) : []))
  const ours = new Set([process.pid])
  for (const { pid, parent } of stats.sort((a, b) => a.pid - b.pid)) if (ours.has(parent)) ours.add(pid)
  return stats.reduce((sum, { pid, ticks }) => (ours.has(pid) ? sum + ticks * TICK_US : sum), 0)
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
