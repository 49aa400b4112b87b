import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from './replace-file.ts'
import type { Login } from './secrets.ts'

export interface RunningService {
  name: string
  role: 'api' | 'worker' | 'mysql' | 'redis'
  pid: number
  url?: string
}

/** `run.json`: what runs, where, and who may come in. Not there before everything runs; without services at the end. */
export interface RunFile {
  write(services: RunningService[]): void
}

export function openRunFile(folder: string, facts: { logins: Login[]; demo_event_id: string | null }): RunFile {
  const path = join(folder, 'run.json')
  const started_at = new Date().toISOString()
  return {
    write: (services) => replaceFile(path, `${JSON.stringify({ started_at, services, ...facts }, null, 2)}\n`),
  }
}

/** What an earlier run that was killed has left says nothing true. */
export function removeRunFile(folder: string): void {
  rmSync(join(folder, 'run.json'), { force: true })
}
