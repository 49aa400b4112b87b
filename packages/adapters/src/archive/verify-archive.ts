import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hasSameFacts, readFileFacts, readManifest } from './manifest.ts'

/** Holds the result for one month. `problem` describes an error in words; undefined means that the month is correct. */
export interface ArchiveCheck {
  manifest: string
  rows: number
  problem: string | undefined
}

const MANIFEST = '.manifest.json'

/** Reads every file of the archive again, one after the other. */
export async function* verifyArchive(folder: string): AsyncIterable<ArchiveCheck> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(MANIFEST)).toSorted()
  for (const manifest of names) yield { manifest, ...(await verifyMonth(folder, manifest)) }
}

async function verifyMonth(folder: string, name: string): Promise<Omit<ArchiveCheck, 'manifest'>> {
  try {
    const manifest = await readManifest(join(folder, name))
    if (!manifest) return { rows: 0, problem: 'the manifest is gone' }
    const facts = await readFileFacts(join(folder, manifest.file))
    const problem = hasSameFacts(manifest, facts) ? undefined : `${manifest.file} differs from its manifest`
    return { rows: facts.rows, problem }
  } catch (error) {
    return { rows: 0, problem: error instanceof Error ? error.message : 'it cannot be read' }
  }
}
