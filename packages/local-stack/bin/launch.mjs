#!/usr/bin/env node
// Plain JavaScript, because the Node that reads it may be too old for the rest. Finds one that is new enough and runs
//   launch.mjs path/to/script.ts [arguments]     a script of ours
//   launch.mjs tool [arguments]                  a program out of node_modules/.bin
// with that Node first in PATH, so that whatever the script starts finds the same one.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const OLDEST = [24, 12]
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

const isNewEnough = (version) => {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}

// npm 10 doesn't link the package's program into .bin, so its file is asked for by name.
const packagedNode = () => {
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`)
    const program = join(dirname(manifest), 'bin/node')
    return spawnSync(program, ['--version']).status === 0 ? program : undefined
  } catch {
    return undefined
  }
}

const exitWithMessage = (message) => {
  console.error(message)
  process.exit(1)
}

const node = isNewEnough(process.version) ? process.execPath : packagedNode()
if (node === undefined)
  exitWithMessage(
    `Node ${OLDEST.join('.')} or newer is needed (this is ${process.version}): run \`npm ci\`, which brings one on Linux, or install it from https://nodejs.org`,
  )

const [name, ...args] = process.argv.slice(2)
if (name === undefined) exitWithMessage('Usage: launch.mjs <script.ts | tool> [arguments]')
const isScript = /\.[cm]?[jt]s$/.test(name)
const program = isScript ? resolve(root, name) : join(root, 'node_modules/.bin', name)
if (!existsSync(program))
  exitWithMessage(isScript ? `${name} doesn't exist.` : `${name} isn't installed: run \`npm ci\` first.`)

const hooks = `--import=${new URL('./drizzle-hooks.mjs', import.meta.url).href}`
const env = {
  ...process.env,
  PATH: [dirname(node), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  ...(isScript && { NODE_OPTIONS: [process.env.NODE_OPTIONS, hooks].filter(Boolean).join(' ') }),
}
// The channel tells a script that this process is gone, however it went (see src/processes/launcher-death.ts).
const child = isScript
  ? spawn(node, [program, ...args], { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  : spawn(program, args, { cwd: root, env, stdio: 'inherit' })

// Ctrl-C reaches the child from the terminal; a signal meant for this process alone has to be handed on.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))

// Killed with `kill -9`, npm hands nothing on: its death shows as a new parent, since the scripts `exec` this program.
const parent = process.ppid
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 500).unref()

child.on('error', (error) => exitWithMessage(`${program}: ${error.message}`))
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
