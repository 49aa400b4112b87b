import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { pathToFileURL } from 'node:url'
import { type Test, test } from 'tap'
import { run } from '../src/processes/run.ts'

const LAUNCHER = join(import.meta.dirname, '../bin/launch.mjs')

test('[HOUSE6] a script gets its arguments, a new enough Node, and the same Node in PATH; its exit code comes back', async (t) => {
  const script = createScript(
    t,
    `import { execFileSync } from 'node:child_process'
     const inPath = execFileSync('node', ['--version'], { encoding: 'utf8' }).trim()
     console.log(JSON.stringify({ args: process.argv.slice(2), same: inPath === process.version }))
     process.exitCode = Number(process.argv[2])`,
  )
  t.same(await launch(script, '0', 'two words'), { ok: true, output: '{"args":["0","two words"],"same":true}\n' })
  t.equal((await launch(script, '3')).ok, false)
})

test('[HOUSE6] a script imports drizzle without the memory for its manifest, and so do the processes that it starts', async (t) => {
  const drizzle = pathToFileURL(join(import.meta.dirname, '../../../node_modules/drizzle-orm/mysql-core/index.js'))
  const imports = createScript(
    t,
    `await import(${JSON.stringify(drizzle)})
     console.log(process.resourceUsage().maxRSS / 1024 < 150)`,
  )
  const script = createScript(
    t,
    `import { execFileSync } from 'node:child_process'
     console.log(execFileSync('node', [${JSON.stringify(imports)}], { encoding: 'utf8' }).trim())`,
  )
  t.same(await launch(script), { ok: true, output: 'true\n' })
})

test('[HOUSE6] a tool of the project is found by its name, and one that is missing is named', async (t) => {
  t.match(await launch('biome', '--version'), { ok: true, output: /^Version: / })
  t.same(await launch('no-such-tool'), { ok: false, output: `no-such-tool isn't installed: run \`npm ci\` first.\n` })
})

test('[HOUSE6] a Node that is too old runs the packaged one, or says what to install', async (t) => {
  // Too old is simulated where the launcher looks: its own version.
  const folder = createFolder(t)
  const aged = join(folder, 'aged.cjs')
  writeFileSync(aged, `Object.defineProperty(process, 'version', { value: 'v20.1.0' })`)
  const script = createScript(t, `console.log(Number(process.versions.node.split('.')[0]) >= 24)`)
  const { ok, output } = await run(process.execPath, ['--require', aged, LAUNCHER, script])
  if (ok) t.equal(output, 'true\n')
  else t.match(output, /^Node 24\.12 or newer is needed \(this is v20\.1\.0\): .*\n$/)
})

test('[HOUSE5] a script hears of it when the launcher is killed', async (t) => {
  const script = createScript(
    t,
    `import { onLauncherDeath } from ${JSON.stringify(join(import.meta.dirname, '../src/processes/launcher-death.ts'))}
     const busy = setInterval(() => {}, 1_000)
     onLauncherDeath(() => { console.log('alone'); clearInterval(busy) })
     console.log('ready')`,
  )
  const launcher = spawn(process.execPath, [LAUNCHER, script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const heard: string[] = []
  for await (const line of createInterface({ input: launcher.stdout })) {
    heard.push(line)
    if (line === 'ready') launcher.kill('SIGKILL')
  }
  t.same(heard, ['ready', 'alone'])
})

test('[HOUSE5] a signal for the launcher reaches its script', async (t) => {
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
  return run(process.execPath, [LAUNCHER, ...args])
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
