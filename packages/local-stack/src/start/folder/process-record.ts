import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasEnded, identifyProcess, type ProcessIdentity } from '../../processes/process-identity.ts'
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

/** Waits up to `waitMs` until all processes of earlier starts have ended. @throws StartError that names the others */
export async function waitForEarlierProcesses(folder: string, waitMs: number): Promise<void> {
  const deadlineMs = Date.now() + waitMs
  const processes = readRecord(folder)
  for (;;) {
    const running = processes.filter((recordedProcess) => !hasEnded(recordedProcess))
    if (running.length === 0) return
    if (Date.now() > deadlineMs) {
      const names = running.map(({ name, pid }) => `${name} (process ${pid})`).join(', ')
      throw new StartError(`An earlier start on ${folder} was killed and left running: ${names}. End it first.`)
    }
    await sleep(50)
  }
}

function readRecord(folder: string): RecordedProcess[] {
  try {
    return JSON.parse(readFileSync(toPath(folder), 'utf8'))
  } catch {
    return [] // The file is missing, or a crash of the machine has damaged it. A crash ends all processes.
  }
}
