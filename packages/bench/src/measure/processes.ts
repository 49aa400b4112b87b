import { readdirSync, readFileSync } from 'node:fs'
import { listKeys, toRecord } from './record.ts'

/** Linux counts the processor time of the machine in ticks of 10 ms, and that of a thread in nanoseconds. */
export const TICK_US = 10_000

/** Reads the processor time that the running threads of a process have used so far, in µs. */
function readCpuUs(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
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
  const [, user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8').split(/\s+/, 9).map(Number)
  return [user, nice, system, irq, softirq, steal].reduce<number>((sum, ticks) => sum + (ticks ?? 0), 0) * TICK_US
}

/** Maps names to processor times in µs. */
export type CpuTimes<Name extends string = string> = Record<Name, number>

export interface Usage<Name extends string> {
  elapsedMs: number
  cpuUs: CpuTimes<Name>
  /** Gives the processor time of all cores, including that of processes that are not named here. */
  machineUs: number
}

/** Starts to watch processes. The returned function reads what they have used since this call. */
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
