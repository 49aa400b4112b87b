import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { computeFileDigest, isSameDigest, MANIFEST_SUFFIX, readManifest } from './manifest.ts'

/** Holds the result for one month. `problem` describes an error in words; undefined means that the month is correct. */
export interface ArchiveCheck {
  /** Names the manifest's file, without the folder. */
  manifest: string
  rows: number
  problem: string | undefined
}

/** Reads every file of the archive again, one after the other. */
export async function* verifyArchive(folder: string): AsyncIterable<ArchiveCheck> {
  const manifestNames = (await readdir(folder)).filter((name) => name.endsWith(MANIFEST_SUFFIX)).toSorted()
  for (const manifest of manifestNames) yield { manifest, ...(await verifyMonth(folder, manifest)) }
}

async function verifyMonth(folder: string, manifestName: string): Promise<Omit<ArchiveCheck, 'manifest'>> {
  try {
    const manifest = await readManifest(join(folder, manifestName))
    if (!manifest) return { rows: 0, problem: 'the manifest is gone' }
    const digest = await computeFileDigest(join(folder, manifest.file))
    const problem = isSameDigest(manifest, digest) ? undefined : `${manifest.file} differs from its manifest`
    return { rows: digest.rows, problem }
  } catch (error) {
    return { rows: 0, problem: error instanceof Error ? error.message : 'it cannot be read' }
  }
}
