import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Tells a process from a later one that has the same id. */
export interface ProcessIdentity {
  pid: number
  /** Gives the time of the process's start, in the form of this system. */
  start: string
}

/** Returns undefined if the process has ended, even if its parent has not read its exit code yet. */
export function identifyProcess(
  pid: number,
  platform: NodeJS.Platform = process.platform,
): ProcessIdentity | undefined {
  const start = platform === 'linux' ? readStartFromProc(pid) : readStartFromPs(pid)
  return start === undefined ? undefined : { pid, start }
}

export function hasEnded({ pid, start }: ProcessIdentity): boolean {
  const currentProcess = identifyProcess(pid)
  return currentProcess === undefined || currentProcess.start !== start
}

/** Returns the boot's id and the ticks from the boot to the start, because each boot counts ticks from zero. */
function readStartFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program is in parentheses and may itself contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, startTicks] = [fields[0], fields[19]]
    if (state === 'Z' || state === 'X') return undefined
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${startTicks}`
  } catch {
    return undefined
  }
}

function readStartFromPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', `${pid}`], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  })
  const [, state, start] = /^\s*(\S+)\s+(\S.*\S)\s*$/.exec(stdout ?? '') ?? []
  return state?.startsWith('Z') ? undefined : start
}
