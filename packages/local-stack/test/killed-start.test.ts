import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Test, test } from 'tap'
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
  t.equal(await waitForEarlierProcesses(folder, createWait(0)), false)
  openProcessRecord(folder).add('redis', process.pid)
  const wait = createWait(100)
  await t.rejects(waitForEarlierProcesses(folder, wait), {
    name: 'StartError',
    message: `An earlier start on ${folder} was killed and left running: redis (process ${process.pid}). End it first.`,
  })
  t.strictSame(wait.lines, [
    `Waiting for processes of an earlier start to end: redis (process ${process.pid}). 正在等待之前的进程结束……`,
  ])
})

test('[RUN7] a start does not wait for a process that only has the id of an old one', async (t) => {
  const folder = t.testdir()
  const oldProcess = { ...identifyProcess(process.pid), name: 'redis', start: 'earlier' }
  for (const text of [JSON.stringify([oldProcess]), '[{"na', '{}', 'null', '[null]']) {
    writeFileSync(join(folder, 'processes.json'), text)
    const wait = createWait(0)
    await waitForEarlierProcesses(folder, wait)
    t.strictSame(wait.lines, [], text)
  }
})

test('[RUN7] Ctrl-C ends a start that waits for old processes, which then removes nothing', async (t) => {
  const product = await createFakeProduct(t)
  mkdirSync(product.data)
  openProcessRecord(product.data).add('redis', process.pid) // It does not end.
  writeFileSync(join(product.data, 'secrets.json'), 'kept')
  const started = product.start('--fresh')
  await started.waitForOutput(/Waiting for .* redis \(process/)
  started.child.kill('SIGINT')
  t.equal(await started.exited, 0)
  t.equal(started.getOutput().trim().split('\n').length, 1)
  t.strictSame(readdirSync(product.data).sort(), ['processes.json', 'secrets.json'])
})

test('[RUN7] Ctrl-C ends a start that waits for the ports of a killed one', async (t) => {
  const product = await createFakeProduct(t)
  mkdirSync(product.data)
  writeFileSync(join(product.data, 'start.lock'), 'stale')
  await holdPort(t, product.port)
  const started = product.start()
  await started.waitForOutput(new RegExp(`Waiting for port ${product.port}`))
  started.child.kill('SIGINT')
  t.equal(await started.exited, 0)
})

test('[RUN7] a port is not waited for as long as processes are', { timeout: 10_000 }, async (t) => {
  const product = await createFakeProduct(t)
  mkdirSync(product.data)
  writeFileSync(join(product.data, 'start.lock'), 'stale')
  writeFileSync(join(product.data, 'processes.json'), JSON.stringify([{ name: 'api-1', pid: 0, start: 'earlier' }]))
  await holdPort(t, product.port)
  const started = product.start()
  t.equal(await started.exited, 1)
  t.match(started.getOutput(), `Port ${product.port} is in use`)
})

async function holdPort(t: Test, port: number): Promise<void> {
  const holder = createServer().listen(port, '127.0.0.1')
  t.teardown(() => holder.close())
  await once(holder, 'listening')
}

/** `lines` has what was printed. */
function createWait(waitMs: number) {
  const lines: string[] = []
  return { waitMs, lines, print: (line: string) => lines.push(line), signal: new AbortController().signal }
}
