import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
const APP = join(import.meta.dirname, '..')
const DIST = join(APP, 'dist')
const HASH_FILE = '.made-of'

const SOURCES = [
  'apps/warroom/bin',
  'apps/warroom/index.html',
  'apps/warroom/package.json',
  'apps/warroom/public',
  'apps/warroom/src',
  'apps/warroom/vite.config.ts',
  'package-lock.json',
  'packages/client/src',
  'packages/markdown/src',
  'packages/protocol/src',
]

/**
 * Builds `dist` unless it is current. The new folder replaces the old one in one step, because a server may be reading
 * `dist`.
 */
export async function buildPage(): Promise<{ built: boolean; ms: number; dist: string }> {
  const startedAt = performance.now()
  const sourcesHash = hashFiles(SOURCES)
  const isCurrent = () =>
    existsSync(join(DIST, HASH_FILE)) && readFileSync(join(DIST, HASH_FILE), 'utf8') === sourcesHash
  if (isCurrent()) return { built: false, ms: 0, dist: DIST }
  const outDir = join(APP, `dist.${process.pid}`)
  try {
    const { build } = await import('vite') // The import takes 200 ms, so it is skipped for a current page.
    await build({ configFile: join(APP, 'vite.config.ts'), logLevel: 'warn', build: { outDir, emptyOutDir: true } })
    writeFileSync(join(outDir, HASH_FILE), sourcesHash)
    replaceDist(outDir, isCurrent)
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
  return { built: true, ms: Math.round(performance.now() - startedAt), dist: DIST }
}

/**
 * Replaces `dist` by the new folder. If this fails because another process has built the same sources meanwhile, the
 * other process's folder stays.
 */
function replaceDist(newDir: string, isCurrent: () => boolean): void {
  const oldDir = `${newDir}.old`
  try {
    if (existsSync(DIST)) renameSync(DIST, oldDir)
    renameSync(newDir, DIST)
  } catch (error) {
    if (!isCurrent()) throw error
  } finally {
    rmSync(oldDir, { recursive: true, force: true })
  }
}

function hashFiles(paths: string[]): string {
  const hash = createHash('sha256')
  for (const path of paths.flatMap(listFiles).sort()) hash.update(`${path}\0`).update(readFileSync(join(ROOT, path)))
  return hash.digest('hex')
}

function listFiles(path: string): string[] {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path]
  return readdirSync(join(ROOT, path)).flatMap((name) => listFiles(`${path}/${name}`))
}
