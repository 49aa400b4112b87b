import { createWriteStream } from 'node:fs'
import { open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { MonthArchive } from '@engineer-chat/chat/operations'
import {
  computeFileDigest,
  type FileDigest,
  isSameDigest,
  MANIFEST_SUFFIX,
  type Manifest,
  readManifest,
} from './manifest.ts'

const OWNER_ONLY = 0o600
/** A file's name ends with this many characters of the installation's id, because installations may share a folder. */
const ID_SUFFIX_CHARACTERS = 12

/** Writes each month to a file of JSON lines in `folder`, packed by gzip, with a manifest beside it. */
export const openMonthArchive = (folder: string, installation_id: string): MonthArchive => ({
  async archiveMonth(table, month, rows) {
    const name = `${table}-${month}-${installation_id.slice(-ID_SUFFIX_CHARACTERS)}`
    const manifestPath = join(folder, `${name}${MANIFEST_SUFFIX}`)
    const existing = await readManifest(manifestPath)
    if (existing) {
      if (isSameDigest(existing, await computeFileDigest(join(folder, existing.file)))) return
      throw new Error(`${existing.file} differs from its manifest. No row of this month is removed.`)
    }
    const file = `${name}.jsonl.gz`
    const digest = await writeRows(join(folder, file), rows)
    const manifest: Manifest = {
      table,
      month,
      installation_id,
      file,
      ...digest,
      written_at: new Date().toISOString(),
    }
    await replaceFile(manifestPath, (partialPath) =>
      writeFile(partialPath, `${JSON.stringify(manifest, null, 2)}\n`, { mode: OWNER_ONLY }),
    )
    await syncToDisk(folder)
  },
})

/** Writes the file and then reads the whole file back. @throws Error if it has another number of rows */
async function writeRows(path: string, rows: AsyncIterable<object>): Promise<FileDigest> {
  let writtenRows = 0
  async function* toLines() {
    for await (const row of rows) {
      writtenRows += 1
      yield `${JSON.stringify(row)}\n`
    }
  }
  await replaceFile(path, (partialPath) =>
    pipeline(Readable.from(toLines()), createGzip(), createWriteStream(partialPath, { mode: OWNER_ONLY })),
  )
  const digest = await computeFileDigest(path)
  if (digest.rows !== writtenRows) throw new Error(`${path} has ${digest.rows} rows of ${writtenRows}.`)
  return digest
}

/** Writes to a temporary file first: a file at `path` is always complete and on the disk, even after a crash. */
async function replaceFile(path: string, write: (partialPath: string) => Promise<void>): Promise<void> {
  const partialPath = `${path}.part`
  await write(partialPath)
  await syncToDisk(partialPath)
  await rename(partialPath, path)
}

/** Waits until a file, or the list of a folder's files, is on the disk. */
async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
