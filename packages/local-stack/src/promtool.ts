import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where promtool is unpacked, once for all tests of a machine. */
const FOLDER = join(tmpdir(), 'engineer-chat-promtool')
const UNPACKED = join(FOLDER, 'usr/bin/promtool')

/**
 * Prometheus' own judge of names, rules and their tests: the machine's, or as root on Debian its package's, unpacked and
 * not installed, so that nothing starts. Undefined where neither is to be had.
 */
export function findPromtool(): string | undefined {
  for (const path of ['promtool', UNPACKED]) if (spawnSync(path, ['--version']).status === 0) return path
  try {
    unpack()
  } catch {
    return undefined
  }
  return existsSync(UNPACKED) ? UNPACKED : undefined
}

function unpack(): void {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return
  mkdirSync(FOLDER, { recursive: true })
  const cwd = mkdtempSync(join(FOLDER, 'deb-'))
  const options = { cwd, stdio: 'ignore', timeout: 100_000 } as const
  const download = () => execFileSync('apt-get', ['download', 'prometheus'], options)
  try {
    download()
  } catch {
    execFileSync('apt-get', ['update'], options) // a fresh image has no package lists
    download()
  }
  const [deb] = readdirSync(cwd).filter((name) => name.endsWith('.deb'))
  if (deb) execFileSync('dpkg-deb', ['-x', deb, FOLDER], options)
}
