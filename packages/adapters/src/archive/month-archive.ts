import { createWriteStream } from 'node:fs'
import { open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { MonthArchive } from '@engineer-chat/chat/operations'
import { type FileFacts, hasSameFacts, type Manifest, readFileFacts, readManifest } from './manifest.ts'

const OWNER_ONLY = 0o600
/** This many last characters of the id distinguish the files of installations that share a folder. */
const ID_CHARACTERS = 12

/** Keeps months in `folder`: each a file of JSON lines, packed by gzip, beside a manifest with its hash. */
export const openMonthArchive = (folder: string, installation_id: string): MonthArchive => ({
  async keepMonth(table, month, rows) {
    const name = `${table}-${month}-${installation_id.slice(-ID_CHARACTERS)}`
    const manifestPath = join(folder, `${name}.manifest.json`)
    const kept = await readManifest(manifestPath)
    if (kept) {
      if (hasSameFacts(kept, await readFileFacts(join(folder, kept.file)))) return
      throw new Error(`${kept.file} differs from its manifest. No row of this month is removed.`)
    }
    const file = `${name}.jsonl.gz`
    const facts = await writeRows(join(folder, file), rows)
    const manifest: Manifest = {
      table,
      month,
      installation_id,
      file,
      ...facts,
      written_at: new Date().toISOString(),
    }
    await replaceFile(manifestPath, (part) =>
      writeFile(part, `${JSON.stringify(manifest, null, 2)}\n`, { mode: OWNER_ONLY }),
    )
    await flush(folder)
  },
})

/** Writes the file and reads it back from the beginning, so that no file that can't be read counts as written. */
async function writeRows(path: string, rows: AsyncIterable<object>): Promise<FileFacts> {
  let written = 0
  async function* toLines() {
    for await (const row of rows) {
      written += 1
      yield `${JSON.stringify(row)}\n`
    }
  }
  await replaceFile(path, (part) =>
    pipeline(Readable.from(toLines()), createGzip(), createWriteStream(part, { mode: OWNER_ONLY })),
  )
  const facts = await readFileFacts(path)
  if (facts.rows !== written) throw new Error(`${path} has ${facts.rows} rows of ${written}.`)
  return facts
}

/** The file appears only once it is whole and on the disk. */
async function replaceFile(path: string, write: (part: string) => Promise<void>): Promise<void> {
  const part = `${path}.part`
  await write(part)
  await flush(part)
  await rename(part, path)
}

async function flush(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
