import { renameSync, writeFileSync } from 'node:fs'

/** Replaces a file atomically. Only its owner may read it, because it holds passwords. */
export function replaceFile(path: string, text: string): void {
  const temporaryPath = `${path}.${process.pid}.new`
  writeFileSync(temporaryPath, text, { mode: 0o600 })
  renameSync(temporaryPath, path)
}
