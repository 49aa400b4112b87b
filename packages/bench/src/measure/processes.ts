import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts the machine's processor time in hundredths of a second, and that of a thread in nanoseconds. */
export const TICK_US = 10_000

/** Processor time that a process's threads have used so far, in µs. */
function readCpu(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0])
  }
  return nanoseconds / 1_000
}

/** What a process holds in memory, in bytes. */
export function readResidentBytes(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}

/** Processor time of all of the machine's cores that was spent on anything, in µs. */
export function readMachineCpu(): number {
  const [, user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8').split(/\s+/, 9).map(Number)
  return [user, nice, system, irq, softirq, steal].reduce<number>((sum, ticks) => sum + (ticks ?? 0), 0) * TICK_US
}

/** Processor time by name, in µs. */
export type Cpu<Name extends string = string> = Record<Name, number>

export interface Usage<Name extends string> {
  elapsed_ms: number
  cpu: Cpu<Name>
  /** Of all cores together, also for what isn't measured by name. */
  machine: number
}

/** What the processes use from now until the function that it gives is called. */
export function watchCpu<Name extends string>(pids: Record<Name, number>): () => Usage<Name> {
  const names = Object.keys(pids) as Name[]
  const read = () => Object.fromEntries(names.map((name) => [name, readCpu(pids[name])])) as Cpu<Name>
  const before = { at: performance.now(), cpu: read(), machine: readMachineCpu() }
  return () => {
    const cpu = read()
    for (const name of names) cpu[name] -= before.cpu[name]
    return { elapsed_ms: performance.now() - before.at, cpu, machine: readMachineCpu() - before.machine }
  }
}
