import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'tap'
import { type ProcessRun, superviseProcess } from '../src/start/supervise-process.ts'
import { watchOutput } from './fake-product.ts'

const RUNS_FOREVER: ProcessRun = { ready: Promise.resolve(true), exited: new Promise(() => {}) }

test('[RUN8] an error of a run after the first one that was ready counts as an end, and the process is started again', async (t) => {
  const lastStart = Promise.withResolvers<void>()
  const lines: string[] = []
  const starts = [
    (): ProcessRun => ({ ready: Promise.resolve(true), exited: Promise.reject(new Error('the disk is full')) }),
    (): ProcessRun => {
      throw new Error('no more processes')
    },
    (): ProcessRun => {
      lastStart.resolve()
      return RUNS_FOREVER
    },
  ]
  const { ready } = superviseProcess({
    name: 'api-1',
    logNote: 'Its log: none',
    start: () => starts.shift()?.() ?? RUNS_FOREVER,
    print: (line) => lines.push(line),
  })
  await ready
  await lastStart.promise
  t.strictSame(lines, [
    'api-1 ended (the disk is full) and is started again. Its log: none',
    'api-1 ended (no more processes) and is started again. Its log: none',
  ])
})

test('[RUN8] an error of a run that is not ready yet counts as an end, too', async (t) => {
  const brokenRun: ProcessRun = { ready: new Promise(() => {}), exited: Promise.reject(new Error('the disk is full')) }
  const runs = [brokenRun, RUNS_FOREVER]
  const lines: string[] = []
  const { ready } = superviseProcess({
    name: 'api-1',
    logNote: 'Its log: none',
    start: () => runs.shift() ?? RUNS_FOREVER,
    print: (line) => lines.push(line),
  })
  await ready
  t.strictSame(lines, ['api-1 ended (the disk is full) and is started again. Its log: none'])
})

test('[RUN8] a process whose start fails five times with an error is given up', async (t) => {
  let startCount = 0
  const { ready } = superviseProcess({
    name: 'api-1',
    logNote: 'Its log: none',
    start: async () => {
      startCount += 1
      throw new Error('no more processes')
    },
    print: () => {},
  })
  await t.rejects(ready, {
    name: 'StartError',
    message: 'api-1 ended immediately, 5 times (no more processes). Its log: none',
  })
  t.equal(startCount, 5)
})

// Its app ends after a second. No file descriptor is free then, until supervision has said that the next start failed.
const FULL_SUPERVISOR = `
import { closeSync, openSync } from 'node:fs'
import { superviseApp } from ${JSON.stringify(join(import.meta.dirname, '../src/start/app-process.ts'))}
const [script, logFolder] = process.argv.slice(1)
const files = []
const print = (line) => {
  console.log(line)
  if (/EMFILE/.test(line)) for (const file of files.splice(0)) closeSync(file)
  if (/the 2nd run/.test(line)) process.exit()
}
const onChange = () => {}
const onSpawn = () => {}
const env = { ...process.env }
superviseApp({ name: 'api-1', role: 'api', script, env, url: 'http://127.0.0.1:1', logFolder, print, onSpawn, onChange })
env.RUN = 'the 2nd run'
setTimeout(() => {
  try {
    for (;;) files.push(openSync('/dev/null'))
  } catch {}
}, 100)
`

test('[RUN3] a process is started again also if no file descriptor was free for a start', async (t) => {
  const folder = t.testdir({
    'app.mjs': "console.log(process.env.RUN ?? 'the 1st run')\nsetTimeout(() => {}, 1_000)\n",
  })
  const args = ['--input-type=module', '-e', FULL_SUPERVISOR, join(folder, 'app.mjs'), folder]
  const supervisor = spawn('/bin/sh', ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, ...args])
  t.teardown(() => supervisor.kill('SIGKILL'))
  const { exited, getOutput } = watchOutput(supervisor)
  t.equal(await exited, 0, getOutput())
  t.match(getOutput(), /the 1st run[\s\S]*api-1 ended \(spawn .* EMFILE\) and is started again[\s\S]*the 2nd run/)
})
