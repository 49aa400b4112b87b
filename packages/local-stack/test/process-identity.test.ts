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
  t.equal(hasEnded({ pid: process.pid, start: identity.start }), true, 'the id belongs to another process')
  process.kill(pid, 'SIGKILL')
  await waitUntil('the process has ended', () => hasEnded(identity))
  process.kill(pid, 0)
  t.equal(identifyProcess(pid), undefined, 'a zombie still has its id')
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
