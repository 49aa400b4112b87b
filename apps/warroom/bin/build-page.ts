import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
const APP = join(import.meta.dirname, '..')
const DIST = join(APP, 'dist')
const STAMP = '.made-of'

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

/** Builds `dist` unless it is current. It is replaced in one step, because a server may be reading it. */
export async function buildPage(): Promise<{ built: boolean; ms: number; dist: string }> {
  const startedAt = performance.now()
  const stamp = hashFiles(SOURCES)
  const isCurrent = () => existsSync(join(DIST, STAMP)) && readFileSync(join(DIST, STAMP), 'utf8') === stamp
  if (isCurrent()) return { built: false, ms: 0, dist: DIST }
  const outDir = join(APP, `dist.${process.pid}`)
  try {
    const { build } = await import('vite') // Loading it takes 200 ms, which a current page saves.
    await build({ configFile: join(APP, 'vite.config.ts'), logLevel: 'warn', build: { outDir, emptyOutDir: true } })
    writeFileSync(join(outDir, STAMP), stamp)
    replace(outDir, isCurrent)
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
  return { built: true, ms: Math.round(performance.now() - startedAt), dist: DIST }
}

/** Replaces `dist`. Another process may have done so in the meantime, with the same result. */
function replace(built: string, isCurrent: () => boolean): void {
  const old = `${built}.old`
  try {
    if (existsSync(DIST)) renameSync(DIST, old)
    renameSync(built, DIST)
  } catch (error) {
    if (!isCurrent()) throw error
  } finally {
    rmSync(old, { recursive: true, force: true })
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
