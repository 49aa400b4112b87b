import { renameSync, writeFileSync } from 'node:fs'

/** Replaces a file at once: a reader finds the old or the new text. Only the owner may read it: it holds passwords. */
export function replaceFile(path: string, text: string): void {
  const temporaryPath = `${path}.${process.pid}.new`
  writeFileSync(temporaryPath, text, { mode: 0o600 })
  renameSync(temporaryPath, path)
}
