import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { isProcessAlive } from '@engineer-chat/process/is-process-alive'

/** Tells a process from a later one that has the same id. */
export interface ProcessIdentity {
  pid: number
  /** Gives the time of the process's start, in the form of this system. It is missing if the system doesn't tell it. */
  start?: string
}

/** Returns undefined if the process has ended, even if its parent has not read its exit code yet. */
export function identifyProcess(
  pid: number,
  platform: NodeJS.Platform = process.platform,
): ProcessIdentity | undefined {
  const start = readStart(pid, platform)
  if (start !== undefined) return { pid, start }
  // Where the start of this process can be read, a process without one has ended.
  if (readStart(process.pid, platform) !== undefined) return undefined
  return isProcessAlive(pid) ? { pid } : undefined
}

/** Without the time of a start, a later process that has the same id counts as the one that is asked for. */
export function hasEnded({ pid, start }: ProcessIdentity, platform?: NodeJS.Platform): boolean {
  const currentProcess = identifyProcess(pid, platform)
  if (currentProcess === undefined) return true
  return start !== undefined && currentProcess.start !== undefined && !isSameStart(start, currentProcess.start)
}

/** A start without the boot's id is the same as one with it, because only one of the readers may have seen this id. */
const isSameStart = (first: string, second: string): boolean =>
  first === second || first.endsWith(` ${second}`) || second.endsWith(` ${first}`)

const readStart = (pid: number, platform: NodeJS.Platform): string | undefined =>
  platform === 'linux' ? readStartFromProc(pid) : readStartFromPs(pid)

/** Returns the boot's id and the ticks from the boot to the start, because each boot counts ticks from zero. */
function readStartFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program is in parentheses and may itself contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, startTicks] = [fields[0], fields[19]]
    if (state === 'Z' || state === 'X') return undefined
    return `${readBootId()} ${startTicks}`.trim()
  } catch {
    return undefined
  }
}

/** Returns an empty text if /proc contains only processes, as with `ProcSubset=pid` of systemd. */
function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
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
