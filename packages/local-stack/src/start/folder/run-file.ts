import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from './replace-file.ts'
import type { Login } from './secrets.ts'

export interface RunningService {
  name: string
  role: 'api' | 'worker' | 'page' | 'mysql' | 'redis'
  pid: number
  url?: string
}

/**
 * Writes `run.json`, which names the running services and the logins. The file is created when all services run, and
 * lists no services after the stop.
 */
export interface RunFile {
  write(services: RunningService[]): void
}

export function openRunFile(folder: string, content: { logins: Login[]; demo_event_id: string | null }): RunFile {
  const path = join(folder, 'run.json')
  const started_at = new Date().toISOString()
  return {
    write: (services) => replaceFile(path, `${JSON.stringify({ started_at, services, ...content }, null, 2)}\n`),
  }
}

/** Removes the file of an earlier run that was killed. */
export function removeRunFile(folder: string): void {
  rmSync(join(folder, 'run.json'), { force: true })
}
