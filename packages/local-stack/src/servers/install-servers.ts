import { existsSync } from 'node:fs'
import { findProgram } from '../processes/find-program.ts'
import { runProgram } from '../processes/run-program.ts'

const DEBIAN_PACKAGES = ['mariadb-server', 'redis-server']

let installing: Promise<void> | undefined

/**
 * Installs the packages of both servers, as root on Debian and systems that are based on it. Elsewhere it does nothing.
 */
export function installServers(): Promise<void> {
  installing ??= installWithApt() // Both servers start at the same time, but only one apt-get may run.
  return installing
}

async function installWithApt(): Promise<void> {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version') || !findProgram('apt-get')) return
  console.error(`Installing ${DEBIAN_PACKAGES.join(' and ')} ...`)
  // With RUNLEVEL=1 the packages start no system services, because only private servers are used.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const lockOptions = ['-o', 'DPkg::Lock::Timeout=300']
  const install = () =>
    runProgram('apt-get', [...lockOptions, 'install', '-y', '--no-install-recommends', ...DEBIAN_PACKAGES], env)
  let installation = await install()
  if (!installation.ok) {
    await runProgram('apt-get', [...lockOptions, 'update'], env) // A fresh image has no package lists.
    installation = await install()
  }
  if (!installation.ok) throw new Error(`apt-get couldn't install the packages:\n${installation.output.trimEnd()}`)
}

const INSTALL_COMMANDS: [program: string, command: string][] = [
  ['brew', 'brew install mariadb redis'],
  ['apt-get', `sudo apt-get install ${DEBIAN_PACKAGES.join(' ')}`],
  ['dnf', 'sudo dnf install mariadb-server valkey'],
  ['pacman', 'sudo pacman -S mariadb valkey'],
  ['apk', 'sudo apk add mariadb mariadb-client valkey'],
  ['zypper', 'sudo zypper install mariadb valkey'],
]

export function createInstallHint(): string {
  const command = INSTALL_COMMANDS.find(([program]) => findProgram(program))?.[1]
  const advice = command ? `run \`${command}\`` : 'install MariaDB (or MySQL) and Redis (or Valkey)'
  return `MariaDB or MySQL and Redis or Valkey are needed: ${advice}, or start Docker, or set DATABASE_URL and REDIS_URL.`
}
