import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import fs, { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Test, test } from 'tap'
import { takeStartLock } from '../src/start/folder/start-lock.ts'

// Takes the lock at the time that each line of its input names, and releases it at the line `release`.
const CONTENDER = `
import { createInterface } from 'node:readline'
import { takeStartLock } from ${JSON.stringify(join(import.meta.dirname, '../src/start/folder/start-lock.ts'))}
let lock
console.log('begun')
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'release') {
    lock?.release()
    lock = undefined
    console.log('released')
    continue
  }
  while (performance.timeOrigin + performance.now() < Number(line)); // All contenders wait for the same time.
  try {
    lock = await takeStartLock(process.argv[1])
    console.log(lock.wasKilled ? 'took a stale lock' : 'took the lock')
  } catch (error) {
    console.log(error.name === 'StartError' && /running already/.test(error.message) ? 'refused' : error.stack)
  }
}
`

test('[RUN6] exactly one of several simultaneous starts takes the lock, also after a kill -9', {
  timeout: 120_000,
}, async (t) => {
  const folder = t.testdir()
  const path = join(folder, 'start.lock')
  const staleLock = await createStaleLock(t, folder)
  const contenders = await Promise.all(Array.from({ length: 4 }, () => startContender(t, folder)))
  const sendToAll = (line: string) => Promise.all(contenders.map((contender) => contender.send(line)))
  const wrongRounds: string[] = []
  for (let round = 1; round <= 100; round += 1) {
    const isStale = round % 2 === 1
    if (isStale) copyFileSync(staleLock, path)
    const answers = await sendToAll(`${Date.now() + 15}`)
    const sortedAnswers = answers.sort().join(', ')
    if (sortedAnswers !== `refused, refused, refused, ${isStale ? 'took a stale lock' : 'took the lock'}`)
      wrongRounds.push(sortedAnswers)
    await sendToAll('release')
  }
  t.strictSame(wrongRounds, [])
  t.strictSame(readdirSync(folder), [], 'nothing is left in the folder')
})

test('[RUN6] a start that is suspended keeps the lock', async (t) => {
  const folder = t.testdir()
  const holder = await startContender(t, folder)
  t.equal(await holder.send('0'), 'took the lock')
  holder.child.kill('SIGSTOP')
  await t.rejects(takeStartLock(folder), { message: /running already/ })
  holder.child.kill('SIGCONT')
  t.equal(await holder.send('release'), 'released')
})

test('[RUN6] a lock is stale if its process id belongs to another process now, or if its content is damaged', async (t) => {
  const folder = t.testdir()
  const path = join(folder, 'start.lock')
  const firstLock = await takeStartLock(folder)
  t.equal(firstLock.wasKilled, false)
  await t.rejects(takeStartLock(folder), { name: 'StartError', message: /running already/ })
  const lockOfThisProcess = readFileSync(path, 'utf8')
  const lockOfEarlierProcess = JSON.stringify({ ...JSON.parse(lockOfThisProcess), start: 'earlier' })
  for (const staleLock of [
    lockOfEarlierProcess,
    '{"port":1,"token":"a"}',
    lockOfThisProcess.slice(0, 20),
    'null',
    '',
  ]) {
    writeFileSync(path, staleLock)
    const lock = await takeStartLock(folder)
    t.equal(lock.wasKilled, true, staleLock)
    lock.release()
    t.strictSame(readdirSync(folder), [], 'nothing is left in the folder')
  }
})

test('[RUN6] a start that was killed while it replaced a stale lock does not block the next one', async (t) => {
  const folder = t.testdir()
  const path = join(folder, 'start.lock')
  writeFileSync(path, 'stale')
  const hash = createHash('sha256').update('stale').digest('hex').slice(0, 16)
  writeFileSync(`${path}.${hash}`, 'stale, too')
  const lock = await takeStartLock(folder)
  t.equal(lock.wasKilled, true)
  await t.rejects(takeStartLock(folder), { message: /running already/ })
  lock.release()
  t.notOk(existsSync(path))
})

test('[RUN6] a start of 0.11 keeps the lock while it answers on its port', async (t) => {
  const folder = t.testdir()
  const path = join(folder, 'start.lock')
  const holder = createServer((socket) => socket.end('its token')).listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  const lockOfHolder = JSON.stringify({ port, token: 'its token' })
  writeFileSync(path, lockOfHolder)
  await t.rejects(takeStartLock(folder), { name: 'StartError', message: /running already/ })
  t.equal(readFileSync(path, 'utf8'), lockOfHolder)
  t.strictSame(readdirSync(folder), ['start.lock'])

  writeFileSync(path, JSON.stringify({ port, token: 'the token of a killed start' }))
  const lock = await takeStartLock(folder)
  t.equal(lock.wasKilled, true, 'another program has got the port')
  lock.release()
  holder.close()
})

test('[RUN6] a lock without the time of a start is held while its process runs', async (t) => {
  const folder = t.testdir()
  const path = join(folder, 'start.lock')
  const holder = spawn('sleep', ['1000'])
  t.teardown(() => holder.kill('SIGKILL'))
  writeFileSync(path, JSON.stringify({ pid: holder.pid, token: 'a' }))
  await t.rejects(takeStartLock(folder), { message: /running already/ })
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const lock = await takeStartLock(folder)
  t.equal(lock.wasKilled, true)
  lock.release()
})

for (const [name, mount] of [
  ['without /proc', 'mount -t tmpfs none /proc'],
  ['with a /proc that contains only processes', 'mount -t proc -o subset=pid proc /proc'],
] as const)
  test(`[RUN6] ${name}, a start keeps the lock until it ends`, {
    skip: spawnSync('unshare', ['--mount', 'sh', '-c', mount]).status !== 0 && 'this user may not mount /proc',
  }, async (t) => {
    const folder = t.testdir()
    const holder = await startContender(t, folder, mount)
    const next = await startContender(t, folder, mount)
    t.equal(await holder.send('0'), 'took the lock')
    t.equal(await next.send('0'), 'refused')
    await t.rejects(takeStartLock(folder), { message: /running already/ }, 'a start that sees all of /proc is refused')
    holder.child.kill('SIGKILL')
    await once(holder.child, 'exit')
    t.equal(await next.send('0'), 'took a stale lock')
  })

test('[RUN6] exactly one start takes the lock on a file system without hard links', async (t) => {
  const folder = t.testdir()
  const { linkSync } = fs
  t.teardown(() => {
    fs.linkSync = linkSync
    syncBuiltinESMExports()
  })
  fs.linkSync = () => {
    throw Object.assign(new Error('operation not permitted'), { code: 'EPERM' })
  }
  syncBuiltinESMExports()
  const firstLock = await takeStartLock(folder)
  t.equal(firstLock.wasKilled, false)
  await t.rejects(takeStartLock(folder), { message: /running already/ })
  firstLock.release()
  writeFileSync(join(folder, 'start.lock'), 'damaged')
  const lock = await takeStartLock(folder)
  t.equal(lock.wasKilled, true)
  await t.rejects(takeStartLock(folder), { message: /running already/ })
  lock.release()
  t.strictSame(readdirSync(folder), [], 'nothing is left in the folder')
})

test('[RUN6] a lock that cannot be read at the end is left, because it is stale then', async (t) => {
  const folder = t.testdir()
  const path = join(folder, 'start.lock')
  const lock = await takeStartLock(folder)
  rmSync(path)
  mkdirSync(path)
  t.doesNotThrow(() => lock.release())
})

test('[RUN6] one line names a folder in which the lock cannot be created', async (t) => {
  const folder = t.testdir({ 'start.lock': {} })
  await t.rejects(takeStartLock(folder), {
    name: 'StartError',
    message: `${folder} can't be used (EISDIR): choose another`,
  })
  t.strictSame(readdirSync(folder), ['start.lock'])
})

/** Returns the path of a lock whose holder was killed. */
async function createStaleLock(t: Test, folder: string): Promise<string> {
  const holder = await startContender(t, folder)
  await holder.send('0')
  holder.child.kill('SIGKILL')
  await once(holder.child, 'exit')
  const copy = `${folder}.stale`
  copyFileSync(join(folder, 'start.lock'), copy)
  rmSync(join(folder, 'start.lock'))
  t.teardown(() => rmSync(copy))
  return copy
}

/**
 * Starts a process that takes the lock of the folder on command. Resolves when it waits for commands. `mount` runs
 * before it, and only this process sees the effect.
 */
async function startContender(t: Test, folder: string, mount?: string) {
  const command = [process.execPath, '--input-type=module', '-e', CONTENDER, folder]
  const [program = '', ...args] = mount
    ? ['unshare', '--mount', 'sh', '-c', `${mount}; exec "$@"`, 'sh', ...command]
    : command
  const child: ChildProcess = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('The process has no pipes.')
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  const readLine = async (): Promise<string> => {
    const { value } = await lines.next()
    return value ?? 'ended'
  }
  await readLine()
  const send = (line: string) => {
    stdin.write(`${line}\n`)
    return readLine()
  }
  return { child, send }
}
