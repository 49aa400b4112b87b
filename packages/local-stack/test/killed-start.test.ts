import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { identifyProcess } from '../src/processes/process-identity.ts'
import { openProcessRecord, waitForEarlierProcesses } from '../src/start/folder/process-record.ts'
import { createFakeProduct, isAlive, waitUntil } from './fake-product.ts'

/** Matches the last line of the banner that a complete start prints. */
const STARTED = /Ctrl-C stops everything/
/** Matches the first line that a start prints. It has then waited for the processes of earlier starts. */
const STARTING = /Starting/

function findNumber(path: string, pattern: RegExp): number | undefined {
  return existsSync(path) ? Number(pattern.exec(readFileSync(path, 'utf8'))?.[1]) : undefined
}

test('[RUN7] after kill -9 all processes end, and the next start waits for them', { timeout: 60_000 }, async (t) => {
  const product = await createFakeProduct(t, { REDIS_URL: '', IGNORES_SIGTERM: 'worker' })
  const killed = product.start()
  await killed.waitForOutput(STARTED)
  const { services } = product.readRunFile()
  t.strictSame(services.map(({ role }) => role).sort(), ['api', 'redis', 'worker'])
  for (const { role, pid } of services) if (role === 'redis') process.kill(pid, 'SIGSTOP') // It ends only by SIGKILL.
  killed.child.kill('SIGKILL')
  const next = product.start('--fresh')
  await next.waitForOutput(STARTING)
  t.strictSame(
    services.filter(({ pid }) => isAlive(pid)).map(({ name }) => name),
    [],
    'no old process is alive when the data is removed',
  )
  await next.waitForOutput(STARTED)
  const newServices = product.readRunFile().services
  t.equal(newServices.length, 3)
  t.notOk(newServices.some(({ pid }) => services.some((service) => service.pid === pid)))
  next.child.kill('SIGKILL')
  await waitUntil('all processes have ended', () => newServices.every(({ pid }) => !isAlive(pid)))
})

test('[RUN7] the next start also waits for a start that was killed before everything ran', async (t) => {
  const product = await createFakeProduct(t, { NEVER_READY: 'worker', IGNORES_SIGTERM: 'worker' })
  const killed = product.start()
  await killed.waitForOutput(/worker-1: warn EngineerChat\.loud/)
  const log = join(product.data, 'logs/worker-1.log')
  const pid = await waitUntil('the log names the process', () => findNumber(log, /"pid":(\d+)/))
  t.ok(isAlive(pid))
  killed.child.kill('SIGKILL')
  await product.start().waitForOutput(STARTING)
  t.notOk(isAlive(pid))
})

test('[RUN7] the seed ends with a start that is killed', async (t) => {
  const product = await createFakeProduct(t, { HANGS: 'seed' })
  const killed = product.start()
  await killed.waitForOutput(STARTING)
  const pid = await waitUntil('the seed runs', () => findNumber(product.journal, /seed hangs (\d+)/))
  t.teardown(() => isAlive(pid) && process.kill(pid, 'SIGKILL'))
  killed.child.kill('SIGKILL')
  await product.start().waitForOutput(STARTING)
  t.notOk(isAlive(pid))
})

test('[RUN7] one line names an old process that does not end', async (t) => {
  const folder = t.testdir()
  await waitForEarlierProcesses(folder, 0)
  openProcessRecord(folder).add('redis', process.pid)
  await t.rejects(waitForEarlierProcesses(folder, 100), {
    name: 'StartError',
    message: `An earlier start on ${folder} was killed and left running: redis (process ${process.pid}). End it first.`,
  })
})

test('[RUN7] a start does not wait for a process that only has the id of an old one', async (t) => {
  const folder = t.testdir()
  const oldProcess = { ...identifyProcess(process.pid), name: 'redis', start: 'earlier' }
  for (const text of [JSON.stringify([oldProcess]), '[{"na']) {
    writeFileSync(join(folder, 'processes.json'), text)
    await waitForEarlierProcesses(folder, 0)
  }
  t.pass('each call returned')
})
