import { readdirSync, readFileSync } from 'node:fs'
import { listKeys, toRecord } from './record.ts'

/** `/proc/stat` and `/proc/<pid>/stat` count processor time in ticks of this length. */
export const TICK_US = 10_000

/** Reads the processor time that the running threads of a process have used so far, in µs. */
function readCpuUs(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    // The first field of `schedstat` is the thread's processor time in nanoseconds.
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0])
  }
  return nanoseconds / 1_000
}

/** Reads the resident memory of a process, in bytes. */
export function readResidentBytes(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}

/** Reads the processor time that all cores of the machine have spent on work since its start, in µs. */
export function readMachineCpuUs(): number {
  // The first line begins with `cpu`. The two skipped numbers are idle time and waiting for disks.
  const [, user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8').split(/\s+/, 9).map(Number)
  return [user, nice, system, irq, softirq, steal].reduce<number>((sum, ticks) => sum + (ticks ?? 0), 0) * TICK_US
}

/** Maps names to processor times in µs. */
export type CpuTimes<Name extends string = string> = Record<Name, number>

export interface Usage<Name extends string> {
  elapsedMs: number
  cpuUs: CpuTimes<Name>
  /** Gives the processor time of all cores. It includes all other processes of the machine. */
  machineUs: number
}

/** Starts to watch processes. The returned function reads the processor time that they have used since the start. */
export function watchCpu<Name extends string>(pids: Record<Name, number>): () => Usage<Name> {
  const names = listKeys(pids)
  const read = (): CpuTimes<Name> => toRecord(names, (name) => readCpuUs(pids[name]))
  const start = { atMs: performance.now(), cpuUs: read(), machineUs: readMachineCpuUs() }
  return () => {
    const cpuUs = read()
    for (const name of names) cpuUs[name] -= start.cpuUs[name]
    return { elapsedMs: performance.now() - start.atMs, cpuUs, machineUs: readMachineCpuUs() - start.machineUs }
  }
}
