import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'tap'
import { findProgram } from '../src/processes/find-program.ts'
import { hasEnded, identifyProcess } from '../src/processes/process-identity.ts'
import { waitUntil } from './fake-product.ts'

test('[RUN7] a process is told from a later one with its id, and a zombie has ended', async (t) => {
  // The shell replaces itself by a program that never reads the exit code of its child.
  const parent = spawn('/bin/sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  t.teardown(() => parent.kill('SIGKILL'))
  const [text] = await once(parent.stdout, 'data')
  const pid = Number(text)
  const identity = identifyProcess(pid)
  if (identity === undefined) return t.fail('the process runs')
  t.strictSame(identifyProcess(pid), identity, 'the identity stays the same')
  t.equal(hasEnded(identity), false)
  t.equal(hasEnded({ ...identity, pid: process.pid }), true, 'the id belongs to another process')
  process.kill(pid, 'SIGKILL')
  await waitUntil('the process has ended', () => hasEnded(identity))
  process.kill(pid, 0)
  t.equal(identifyProcess(pid), undefined, 'a zombie still has its id')
})

test('[RUN7] where nothing tells processes apart, a process with the same id counts as the same', async (t) => {
  const path = process.env.PATH
  t.teardown(() => {
    process.env.PATH = path
  })
  const child = spawn('sleep', ['1000'])
  const pid = child.pid ?? 0
  process.env.PATH = '/nothing' // There is no `ps`.
  t.strictSame(identifyProcess(pid, 'darwin'), { pid })
  t.equal(hasEnded({ pid }, 'darwin'), false)
  t.equal(hasEnded({ pid, start: 'an earlier one' }, 'darwin'), false)
  t.equal(hasEnded({ pid }), false, 'the record has no start')
  process.kill(pid, 'SIGKILL')
  await once(child, 'exit')
  t.equal(identifyProcess(pid, 'darwin'), undefined)
  t.equal(hasEnded({ pid }), true)
})

test('[RUN7] a start that was read without the id of the boot is compared by its ticks', {
  skip: process.platform !== 'linux' && 'there is no /proc',
}, (t) => {
  const ticks = identifyProcess(process.pid)?.start?.split(' ').at(-1)
  t.equal(hasEnded({ pid: process.pid, start: `${ticks}` }), false)
  t.equal(hasEnded({ pid: process.pid, start: `1${ticks}` }), true)
  t.equal(hasEnded({ pid: process.pid, start: `another-boot ${ticks}` }), true)
  t.end()
})

test('[RUN7] without /proc, `ps` tells processes apart', {
  skip: findProgram('ps') === undefined && '`ps` is not installed',
}, async (t) => {
  const identity = identifyProcess(process.pid, 'darwin')
  t.match(identity, { pid: process.pid, start: /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/ })
  t.strictSame(identifyProcess(process.pid, 'darwin'), identity)
  const child = spawn('sleep', ['1000'])
  process.kill(child.pid ?? 0, 'SIGKILL')
  await once(child, 'exit')
  t.equal(identifyProcess(child.pid ?? 0, 'darwin'), undefined)
})
