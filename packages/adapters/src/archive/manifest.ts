import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

/** Describes a file of the archive. The manifest is written last: a file without one is not part of the archive. */
export interface Manifest {
  table: string
  month: string
  installation_id: string
  file: string
  /** Counts the lines of the unpacked file. */
  rows: number
  /** Holds the size of the compressed file. */
  bytes: number
  /** Holds the hash of the compressed file, in hex. */
  sha256: string
  written_at: string
}

const ManifestSchema = Type.Object({
  table: Type.String(),
  month: Type.String(),
  installation_id: Type.String(),
  file: Type.String({ pattern: '^[\\w.-]+$' }),
  rows: Type.Integer(),
  bytes: Type.Integer(),
  sha256: Type.String(),
  written_at: Type.String(),
})

export const MANIFEST_SUFFIX = '.manifest.json'

/** Resolves to undefined if the manifest does not exist. @throws Error that names the file and what is wrong in it */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const manifest = parseJson(text)
  if (manifest === undefined) throw new Error(`${basename(path)} is not valid JSON. It may be truncated.`)
  if (Value.Check(ManifestSchema, manifest)) return manifest
  throw new Error(`${basename(path)} has no valid value for: ${listInvalidFields(manifest).join(', ')}.`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const listInvalidFields = (manifest: unknown): string[] =>
  Object.entries(ManifestSchema.properties)
    .filter(([name, schema]) => !Value.Check(schema, Object(manifest)[name]))
    .map(([name]) => name)

/** Identifies the content of a file: two files with the same digest hold the same rows. */
export type FileDigest = Pick<Manifest, 'rows' | 'bytes' | 'sha256'>

/** Reads the whole file, computes its hash, and counts the lines of its unpacked content. */
export async function computeFileDigest(path: string): Promise<FileDigest> {
  const hash = createHash('sha256')
  let bytes = 0
  let rows = 0
  const packed = new PassThrough()
  packed.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    bytes += chunk.length
  })
  await pipeline(createReadStream(path), packed, createGunzip(), async (unpacked: AsyncIterable<Buffer>) => {
    for await (const chunk of unpacked) rows += countLineFeeds(chunk)
  })
  return { rows, bytes, sha256: hash.digest('hex') }
}

const LINE_FEED_BYTE = 0x0a

function countLineFeeds(chunk: Buffer): number {
  let count = 0
  for (let index = chunk.indexOf(LINE_FEED_BYTE); index !== -1; index = chunk.indexOf(LINE_FEED_BYTE, index + 1))
    count += 1
  return count
}

export const isSameDigest = (a: FileDigest, b: FileDigest): boolean =>
  a.rows === b.rows && a.bytes === b.bytes && a.sha256 === b.sha256
