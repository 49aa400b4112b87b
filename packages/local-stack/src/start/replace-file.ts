import { renameSync, writeFileSync } from 'node:fs'

/** Whoever reads it finds the old or the new text, whole. For its owner alone: these files hold passwords. */
export function replaceFile(path: string, text: string): void {
  const beside = `${path}.${process.pid}.new`
  writeFileSync(beside, text, { mode: 0o600 })
  renameSync(beside, path)
}
