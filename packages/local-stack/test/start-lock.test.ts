import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
    lock = takeStartLock(process.argv[1])
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
  t.throws(() => takeStartLock(folder), { message: /running already/ })
  holder.child.kill('SIGCONT')
  t.equal(await holder.send('release'), 'released')
})

test('[RUN6] a lock is stale if its process id belongs to another process now, or if its content is damaged', (t) => {
  const folder = t.testdir()
  const path = join(folder, 'start.lock')
  const firstLock = takeStartLock(folder)
  t.equal(firstLock.wasKilled, false)
  t.throws(() => takeStartLock(folder), { name: 'StartError', message: /running already/ })
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
    const lock = takeStartLock(folder)
    t.equal(lock.wasKilled, true, staleLock)
    lock.release()
    t.strictSame(readdirSync(folder), [], 'nothing is left in the folder')
  }
  t.end()
})

test('[RUN6] a start that was killed while it replaced a stale lock does not block the next one', (t) => {
  const folder = t.testdir()
  const path = join(folder, 'start.lock')
  writeFileSync(path, 'stale')
  const hash = createHash('sha256').update('stale').digest('hex').slice(0, 16)
  writeFileSync(`${path}.${hash}`, 'stale, too')
  const lock = takeStartLock(folder)
  t.equal(lock.wasKilled, true)
  t.throws(() => takeStartLock(folder), { message: /running already/ })
  lock.release()
  t.notOk(existsSync(path))
  t.end()
})

test('[RUN6] one line names a folder in which the lock cannot be created', (t) => {
  const folder = t.testdir({ 'start.lock': {} })
  t.throws(() => takeStartLock(folder), {
    name: 'StartError',
    message: `${folder} can't be used (EISDIR): choose another`,
  })
  t.strictSame(readdirSync(folder), ['start.lock'])
  t.end()
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

/** Starts a process that takes the lock of the folder on command. Resolves when it waits for commands. */
async function startContender(t: Test, folder: string) {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', CONTENDER, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
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
