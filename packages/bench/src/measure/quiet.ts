import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { readMachineCpu, TICK_US } from './processes.ts'

/** Others may use so much of the machine while something is measured. */
const QUIET = 0.08
const LOOK_MS = 250

/**
 * A machine that others use, too, measures nothing: it waits a bounded time for a quiet moment, measures, and does it
 * again, some times, if others took more than their part meanwhile. What it keeps is the quietest.
 */
export class Quiet {
  readonly #tries: number
  readonly #patience_ms: number
  /** The others' share of the machine during each measurement that was kept. */
  readonly others: number[] = []

  constructor({ tries, patience_ms }: { tries: number; patience_ms: number }) {
    this.#tries = tries
    this.#patience_ms = patience_ms
  }

  async measure<Result>(work: () => Promise<Result>): Promise<Result> {
    let best: { result: Result; others: number } | undefined
    for (let tried = 0; tried < this.#tries && (best === undefined || best.others > QUIET); tried++) {
      await this.#untilQuiet()
      const watched = watchOthers()
      const result = await work()
      const others = watched()
      if (best === undefined || others < best.others) best = { result, others }
    }
    if (best === undefined) throw new Error('Nothing was to be measured.')
    this.others.push(best.others)
    return best.result
  }

  async #untilQuiet(): Promise<void> {
    const deadline = performance.now() + this.#patience_ms
    while (performance.now() < deadline) {
      const watched = watchOthers()
      await sleep(LOOK_MS)
      if (watched() < QUIET) return
    }
  }
}

/** The share of the machine's busy time since now that isn't ours. */
function watchOthers(): () => number {
  const before = { machine: readMachineCpu(), own: readTreeCpu(), at: performance.now() }
  return () => {
    const elapsed_us = (performance.now() - before.at) * 1_000 * navigator.hardwareConcurrency
    return Math.max(0, readMachineCpu() - before.machine - (readTreeCpu() - before.own)) / elapsed_us
  }
}

/** Processor time of this process, all that it started, and what has ended of that; in µs. */
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
    return undefined // it has ended
  }
}
