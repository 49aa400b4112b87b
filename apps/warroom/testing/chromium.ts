import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const PROGRAM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const MAC_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]
const INSTALL_ARGS = ['install', '-y', '--no-install-recommends', 'chromium']

/**
 * Finds the browser that CHROMIUM names, or this machine's Chromium or Chrome. If there is none, root on Debian installs
 * Chromium.
 */
export async function findChromium(): Promise<string> {
  const existingPath = process.env.CHROMIUM ?? findInstalled()
  if (existingPath) return existingPath
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) await installChromium()
  const installedPath = findInstalled()
  if (installedPath) return installedPath
  throw new Error(
    'The war room is tested in a browser: install Chromium (`sudo apt-get install chromium`, `brew install --cask chromium`) or name one in CHROMIUM.',
  )
}

function findInstalled(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const inPath = folders.flatMap((folder) => PROGRAM_NAMES.map((name) => join(folder, name)))
  return [...inPath, ...MAC_PATHS].find(existsSync)
}

async function installChromium(): Promise<void> {
  console.error('Installing chromium ...')
  // Another installation may hold the lock of apt-get. The unit is seconds.
  const waitForLock = ['-o', 'DPkg::Lock::Timeout=300']
  if (await runAptGet([...waitForLock, ...INSTALL_ARGS])) return
  await runAptGet([...waitForLock, 'update']) // A new image has no package lists.
  await runAptGet([...waitForLock, ...INSTALL_ARGS])
}

/** Resolves to true if apt-get succeeds. */
function runAptGet(args: string[]): Promise<boolean> {
  const child = spawn('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  return new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('close', (code) => resolve(code === 0))
  })
}
