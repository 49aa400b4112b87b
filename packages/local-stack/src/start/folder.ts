import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Complaint } from './complaint.ts'

/** What we put into a data folder, and nothing that somebody else may have put there. */
const OURS = ['mysql', 'redis', 'logs', 'secrets.json', 'run.json']

/** @throws Complaint */
export function openFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new Complaint(
      `${folder} can't be used (${(error as NodeJS.ErrnoException).code}): choose another with --data=DIR.`,
    )
  }
}

export function emptyFolder(folder: string): void {
  for (const name of OURS) rmSync(join(folder, name), { recursive: true, force: true })
}
