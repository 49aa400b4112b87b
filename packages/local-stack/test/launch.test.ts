import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { pathToFileURL } from 'node:url'
import { type Test, test } from 'tap'
import { runProgram } from '../src/processes/run-program.ts'

const LAUNCHER = join(import.meta.dirname, '../bin/launch.mjs')

test('[HOUSE6] a script gets its arguments and a supported Node, which is also in PATH; the launcher returns its exit code', async (t) => {
  const script = createScript(
    t,
    `import { execFileSync } from 'node:child_process'
     const inPath = execFileSync('node', ['--version'], { encoding: 'utf8' }).trim()
     console.log(JSON.stringify({ args: process.argv.slice(2), isSame: inPath === process.version }))
     process.exitCode = Number(process.argv[2])`,
  )
  t.same(await launch(script, '0', 'two words'), { ok: true, output: '{"args":["0","two words"],"isSame":true}\n' })
  t.equal((await launch(script, '3')).ok, false)
})

test('[HOUSE6] a script and its child processes import drizzle in less than 150 MiB of memory', async (t) => {
  const drizzle = pathToFileURL(join(import.meta.dirname, '../../../node_modules/drizzle-orm/mysql-core/index.js'))
  const importScript = createScript(
    t,
    `await import(${JSON.stringify(drizzle)})
     console.log(process.resourceUsage().maxRSS / 1024 < 150)`,
  )
  const script = createScript(
    t,
    `import { execFileSync } from 'node:child_process'
     console.log(execFileSync('node', [${JSON.stringify(importScript)}], { encoding: 'utf8' }).trim())`,
  )
  t.same(await launch(script), { ok: true, output: 'true\n' })
})

test('[HOUSE6] a tool of the project is found by its name, and a missing one is named in the error', async (t) => {
  t.match(await launch('biome', '--version'), { ok: true, output: /^Version: / })
  t.same(await launch('no-such-tool'), { ok: false, output: `no-such-tool isn't installed: run \`npm ci\` first.\n` })
})

test('[HOUSE6] if Node is too old, the launcher runs the Node of node_modules, or says what to install', async (t) => {
  // The preloaded script replaces the version that the launcher reads.
  const folder = createFolder(t)
  const preload = join(folder, 'preload.cjs')
  writeFileSync(preload, `Object.defineProperty(process, 'version', { value: 'v20.1.0' })`)
  const script = createScript(t, `console.log(Number(process.versions.node.split('.')[0]) >= 24)`)
  const { ok, output } = await runProgram(process.execPath, ['--require', preload, LAUNCHER, script])
  if (ok) t.equal(output, 'true\n')
  else t.match(output, /^Node 24\.12 or newer is needed \(this is v20\.1\.0\): .*\n$/)
})

test('[HOUSE5] a script is notified when the launcher is killed', async (t) => {
  const script = createScript(
    t,
    `import { onParentExit } from ${JSON.stringify(join(import.meta.dirname, '../src/processes/parent-exit.ts'))}
     const keepAlive = setInterval(() => {}, 1_000)
     onParentExit(() => { console.log('launcher ended'); clearInterval(keepAlive) })
     console.log('ready')`,
  )
  const launcher = spawn(process.execPath, [LAUNCHER, script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  for await (const line of createInterface({ input: launcher.stdout })) {
    lines.push(line)
    if (line === 'ready') launcher.kill('SIGKILL')
  }
  t.same(lines, ['ready', 'launcher ended'])
})

test('[HOUSE5] a signal to the launcher reaches its script', async (t) => {
  const script = createScript(
    t,
    `process.once('SIGTERM', () => process.exit(7))
     setInterval(() => {}, 1_000)
     console.log('ready')`,
  )
  const launcher = spawn(process.execPath, [LAUNCHER, script], { stdio: ['ignore', 'pipe', 'inherit'] })
  launcher.stdout.once('data', () => launcher.kill('SIGTERM'))
  t.equal(await new Promise((resolve) => launcher.once('exit', resolve)), 7)
})

function launch(...args: string[]) {
  return runProgram(process.execPath, [LAUNCHER, ...args])
}

function createFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-launch-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function createScript(t: Test, source: string): string {
  const script = join(createFolder(t), 'script.ts')
  writeFileSync(script, source)
  writeFileSync(join(script, '../package.json'), '{"type":"module"}')
  return script
}
