import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../processes/find-program.ts'

/**
 * Returns the path of a program that a test needs, or undefined. If the machine lacks it, root on Debian downloads and
 * unpacks its package. The package is not installed, because that could start a service.
 */
export function findOrUnpackProgram(name: string, debianPackage: string, pathInPackage: string): string | undefined {
  const folder = join(tmpdir(), `engineer-chat-${name}`)
  const unpackedProgram = join(folder, pathInPackage)
  const installedProgram = findProgram(name)
  if (installedProgram !== undefined) return installedProgram
  if (existsSync(unpackedProgram)) return unpackedProgram
  try {
    unpack(debianPackage, folder)
  } catch {
    return undefined
  }
  return existsSync(unpackedProgram) ? unpackedProgram : undefined
}

function unpack(debianPackage: string, folder: string): void {
  const [apt, dpkg] = [findProgram('apt-get'), findProgram('dpkg-deb')]
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version') || !apt || !dpkg) return
  mkdirSync(folder, { recursive: true })
  const cwd = mkdtempSync(join(folder, 'deb-'))
  const options = { cwd, stdio: 'ignore', timeout: 100_000 } as const
  const download = () => execFileSync(apt, ['download', debianPackage], options)
  try {
    download()
  } catch {
    execFileSync(apt, ['update'], options) // A fresh image has no package lists.
    download()
  }
  const [packageFile] = readdirSync(cwd).filter((file) => file.endsWith('.deb'))
  if (packageFile) execFileSync(dpkg, ['-x', packageFile, folder], options)
}
