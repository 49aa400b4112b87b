import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasEnded, identifyProcess, type ProcessIdentity } from '../../processes/process-identity.ts'
import type { WaitOptions } from '../require-free-ports.ts'
import { StartError } from '../start-error.ts'
import { replaceFile } from './replace-file.ts'

interface RecordedProcess extends ProcessIdentity {
  name: string
}

/**
 * Names the processes of a start in `processes.json`, from their first moment on. If the start is killed, the next one
 * knows which processes to wait for. `run.json` is written only when everything runs.
 */
export interface ProcessRecord {
  /** Replaces the earlier process with this name. */
  add(name: string, pid: number): void
}

const toPath = (folder: string): string => join(folder, 'processes.json')

export function openProcessRecord(folder: string): ProcessRecord {
  const processes = new Map<string, RecordedProcess>()
  return {
    add(name, pid) {
      const identity = identifyProcess(pid)
      if (identity === undefined) return // The process has ended already.
      processes.set(name, { name, ...identity })
      replaceFile(toPath(folder), `${JSON.stringify([...processes.values()], null, 2)}\n`)
    },
  }
}

/**
 * Waits until all processes of earlier starts have ended, up to `waitMs` or until the signal is aborted. Returns false
 * if the folder names no processes. @throws StartError that names those that have not ended
 */
export async function waitForEarlierProcesses(
  folder: string,
  { waitMs, print, signal }: WaitOptions,
): Promise<boolean> {
  const deadlineMs = Date.now() + waitMs
  const processes = readRecord(folder)
  const findRunning = () => processes.filter((recordedProcess) => !hasEnded(recordedProcess))
  let running = findRunning()
  if (running.length > 0)
    print(`Waiting for processes of an earlier start to end: ${listNames(running)}. 正在等待之前的进程结束……`)
  while (running.length > 0 && !signal.aborted) {
    if (Date.now() > deadlineMs)
      throw new StartError(
        `An earlier start on ${folder} was killed and left running: ${listNames(running)}. End it first.`,
      )
    await sleep(50, undefined, { signal }).catch(() => {}) // An abort ends the loop.
    running = findRunning()
  }
  return processes.length > 0
}

const listNames = (processes: RecordedProcess[]): string =>
  processes.map(({ name, pid }) => `${name} (process ${pid})`).join(', ')

function readRecord(folder: string): RecordedProcess[] {
  try {
    const value: unknown = JSON.parse(readFileSync(toPath(folder), 'utf8'))
    return Array.isArray(value) ? value.filter((element) => typeof element?.pid === 'number') : []
  } catch {
    return [] // The file is missing, or a crash of the machine has damaged it. A crash ends all processes.
  }
}
