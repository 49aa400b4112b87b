import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'tap'
import { parseFlags } from '../src/start/flags.ts'
import { createFakeProduct, isAlive, type RunFile, waitUntil } from './fake-product.ts'

/** Matches the last line of the banner that a complete start prints. */
const STARTED = /Ctrl-C stops everything/

const findPid = (run: RunFile, name: string) => run.services.find((service) => service.name === name)?.pid

test('[RUN1] unknown flags and wrong values are refused with the usage', async (t) => {
  const product = await createFakeProduct(t)
  for (const args of [
    ['--wrong'],
    ['extra'],
    ['--api=0'],
    ['--workers=x'],
    ['--port=70000'],
    ['--api=2', '--port=65535'],
  ]) {
    const started = product.start(...args)
    t.equal(await started.exited, 2, args.join(' '))
    t.match(started.getOutput(), /Usage: npm start -- \[options\]\n/)
  }
})

test('[RUN1] the page of `npm run dev` needs a port, too', async (t) => {
  t.equal(parseFlags(['--port=65500'], {}, 'start').firstPort, 65_500)
  t.equal(parseFlags(['--port=65369'], {}, 'dev').firstPort, 65_369)
  t.throws(() => parseFlags(['--port=65370'], {}, 'dev'), { message: /needs ports up to 65536/ })
})

test('[RUN2] the terminal and run.json name the services and the logins', async (t) => {
  const product = await createFakeProduct(t)
  const started = product.start('--api=2', '--workers=2')
  const output = await started.waitForOutput(STARTED)
  const url = `http://127.0.0.1:${product.port}`
  const run = product.readRunFile()
  t.match(run, { demo_event_id: 'demo-event', started_at: /^\d{4}-.*Z$/ })
  t.strictSame(
    run.services.map(({ name, role }) => [name, role]),
    [
      ['api-1', 'api'],
      ['api-2', 'api'],
      ['worker-1', 'worker'],
      ['worker-2', 'worker'],
    ],
  )
  t.ok(run.services.every(({ pid }) => isAlive(pid)))
  t.match(run.services, [{ url }, { url: `http://127.0.0.1:${product.port + 1}` }])
  t.strictSame(
    run.logins.map(({ username, role }) => [username, role]),
    [
      ['admin', 'admin'],
      ['alice', 'engineer'],
      ['bob', 'engineer'],
      ['captain', 'agent'],
    ],
  )
  for (const { username, password } of run.logins) t.match(output, new RegExp(`${username} +${password} `))
  t.match(output, `${url}/docs`)
  t.match(output, /npm run ask -- --data=.* "what should we contain first\?"/)
  t.equal(new Set(run.logins.map(({ password }) => password)).size, 4)

  t.match(output, 'api-1: warn EngineerChat.loud code=a_code', 'the terminal shows warnings')
  t.notMatch(output, 'quiet')
  t.match(
    readFileSync(join(product.data, 'logs/worker-2.log'), 'utf8'),
    'EngineerChat.quiet',
    'the logs contain every line',
  )
  for (const name of ['run.json', 'secrets.json', 'logs/api-1.log']) {
    t.equal(statSync(join(product.data, name)).mode & 0o077, 0, `only the owner can read ${name}`)
  }
})

test('[RUN2] a log that cannot be written is named once, and its process runs', {
  skip: !existsSync('/dev/full') && 'there is no /dev/full',
}, async (t) => {
  const product = await createFakeProduct(t)
  const log = join(product.data, 'logs/api-1.log')
  mkdirSync(join(product.data, 'logs'), { recursive: true })
  symlinkSync('/dev/full', log)
  const started = product.start('--workers=0')
  await started.waitForOutput(STARTED)
  await started.waitForOutput(/api-1: its log \S+ can't be written \(ENOSPC\)/)
  await started.waitForOutput(/api-1: warn EngineerChat\.loud/)

  rmSync(log)
  process.kill(findPid(product.readRunFile(), 'api-1') ?? 0, 'SIGKILL')
  await waitUntil('the log has the next lines', () => existsSync(log) && /loud/.test(readFileSync(log, 'utf8')))
  const output = await started.waitForOutput(STARTED)
  t.equal(output.split(`api-1: its log ${log} can't be written (ENOSPC)`).length, 2, output)
  started.child.kill('SIGTERM')
  t.equal(await started.exited, 0)
})

test('[RUN3] a process that dies is started again, and run.json names the new process', async (t) => {
  const product = await createFakeProduct(t)
  const started = product.start('--workers=1')
  await started.waitForOutput(STARTED)
  for (const name of ['api-1', 'worker-1', 'api-1']) {
    const oldPid = findPid(product.readRunFile(), name) ?? 0
    process.kill(oldPid, 'SIGKILL')
    const newPid = await waitUntil('run.json names another process', () => {
      const pid = findPid(product.readRunFile(), name)
      return pid !== oldPid && pid
    })
    t.ok(isAlive(newPid))
  }
  t.match(
    await started.waitForOutput(/worker-1 ended/),
    /worker-1 ended \(SIGKILL\) and is started again\. Its log: .*worker-1\.log/,
  )
})

test('[RUN4] a signal stops everything, a second signal changes nothing, and run.json then lists no services', async (t) => {
  const product = await createFakeProduct(t)
  const started = product.start()
  await started.waitForOutput(STARTED)
  const { services } = product.readRunFile()
  started.child.kill('SIGINT')
  await started.waitForOutput(/Stopping/)
  started.child.kill('SIGTERM')
  t.equal(await started.exited, 0)
  t.notOk(services.some(({ pid }) => isAlive(pid)))
  t.strictSame(product.readRunFile().services, [])
  t.strictSame(product.readJournal().slice(-2).sort(), ['api stopped', 'worker stopped'])
  t.notOk(readdirSync(product.data).includes('start.lock'))
})

test('[RUN4] API nodes and workers stop before MySQL and Redis do', { timeout: 120_000 }, async (t) => {
  const product = await createFakeProduct(t, { DATABASE_URL: '', REDIS_URL: '', CHECKS_SERVERS_AT_STOP: '1' })
  const started = product.start()
  await started.waitForOutput(STARTED)
  const { services } = product.readRunFile()
  t.strictSame(services.map(({ role }) => role).sort(), ['api', 'mysql', 'redis', 'worker'])
  started.child.kill('SIGTERM')
  t.equal(await started.exited, 0)
  t.strictSame(product.readJournal().slice(-2).sort(), [
    'api stopped, reaches mysql: true, reaches redis: true',
    'worker stopped, reaches mysql: true, reaches redis: true',
  ])
  t.notOk(services.some(({ pid }) => isAlive(pid)))
})

test('[RUN4] a signal before all processes are ready ends the start, which does not wait for them', {
  timeout: 60_000,
}, async (t) => {
  const product = await createFakeProduct(t, { NEVER_READY: 'worker', READY_TIMEOUT_MS: '600000' })
  const started = product.start()
  await started.waitForOutput(/worker-1: warn EngineerChat\.loud/)
  started.child.kill('SIGTERM')
  t.equal(await started.exited, 0)
  t.notOk(readdirSync(product.data).includes('start.lock'))
})

test('[RUN5] the next start has the same logins and secret; --fresh creates new ones, --no-demo only an admin', async (t) => {
  const product = await createFakeProduct(t)
  const startAndStop = async (...args: string[]) => {
    const started = product.start('--workers=0', ...args)
    await started.waitForOutput(STARTED)
    const run = product.readRunFile()
    const secret = await (await fetch(`http://127.0.0.1:${product.port}/`)).text()
    started.child.kill('SIGTERM')
    await started.exited
    return { logins: run.logins, demo: run.demo_event_id, secret }
  }
  const firstStart = await startAndStop()
  t.strictSame(await startAndStop(), firstStart)
  t.ok(firstStart.secret.length >= 32)

  writeFileSync(join(product.data, 'other-file.txt'), 'kept')
  const leftovers = [
    'secrets.json.12.new',
    `start.lock.${'a'.repeat(32)}.new`,
    `start.lock.${'b'.repeat(16)}`,
    `start.lock.${'b'.repeat(16)}.${'c'.repeat(16)}`,
  ]
  for (const name of leftovers) writeFileSync(join(product.data, name), 'left by a killed start')
  const freshStart = await startAndStop('--fresh', '--no-demo')
  t.match(freshStart, { demo: null, logins: [{ username: 'admin' }] })
  t.equal(freshStart.logins.length, 1)
  t.not(freshStart.logins[0]?.password, firstStart.logins[0]?.password)
  t.not(freshStart.secret, firstStart.secret)
  t.equal(
    readFileSync(join(product.data, 'other-file.txt'), 'utf8'),
    'kept',
    '--fresh removes only what a start creates',
  )
  t.notOk(readdirSync(product.data).some((name) => leftovers.includes(name)))
})

test('[RUN6] a second start on a folder and a port in use are refused in one line', async (t) => {
  const product = await createFakeProduct(t)
  const runningStart = product.start('--workers=0')
  await runningStart.waitForOutput(STARTED)
  const startOnSameFolder = product.start()
  t.equal(await startOnSameFolder.exited, 1)
  t.match(startOnSameFolder.getOutput(), /^Engineer Chat is running already on .*\n$/)
  runningStart.child.kill('SIGTERM')
  await runningStart.exited

  const portHolder = createServer().listen(product.port, '127.0.0.1')
  await once(portHolder, 'listening')
  const startOnUsedPort = product.start()
  t.equal(await startOnUsedPort.exited, 1)
  t.match(startOnUsedPort.getOutput(), new RegExp(`^Port ${product.port} is in use: .*--port=P\\.\n$`))
  portHolder.close()
})

test('[RUN6] a stop succeeds also if the lock file was removed before', async (t) => {
  const product = await createFakeProduct(t)
  const started = product.start('--workers=0')
  await started.waitForOutput(STARTED)
  rmSync(join(product.data, 'start.lock'))
  started.child.kill('SIGTERM')
  t.equal(await started.exited, 0)
})

test('[RUN8] after five failed starts of a process, or after the seed has failed once, everything is stopped', async (t) => {
  for (const broken of ['worker', 'seed']) {
    const product = await createFakeProduct(t, { BROKEN: broken })
    const started = product.start()
    t.equal(await started.exited, 1)
    const output = started.getOutput()
    if (broken === 'worker')
      t.match(output, /it is broken[\s\S]*worker-1 ended immediately, 5 times \(code 3\)\. Its log: /)
    else t.match(output, /couldn't be prepared:\nno database there/)
    t.notOk(readdirSync(product.data).includes('run.json'))
    if (broken === 'worker')
      t.match(product.readJournal(), ['seed admin,alice,bob,captain', 'api started', 'api stopped'])
  }
})

test('[RUN8] processes are started again also while run.json cannot be written', { timeout: 60_000 }, async (t) => {
  const product = await createFakeProduct(t, { REDIS_URL: '' })
  const started = product.start('--workers=0')
  await started.waitForOutput(STARTED)
  const { services } = product.readRunFile()
  const path = join(product.data, 'run.json')
  rmSync(path)
  mkdirSync(path) // No file can replace a folder.
  for (const { pid } of services) process.kill(pid, 'SIGKILL')
  await waitUntil('the new API node serves', () => product.readJournal().filter((line) => line === 'api started')[1])
  await started.waitForOutput(/redis ended/)
  t.match(started.getOutput(), `${path} can't be written (EISDIR), so it is out of date.`)

  rmdirSync(path)
  const records: { name: string; pid: number }[] = JSON.parse(
    readFileSync(join(product.data, 'processes.json'), 'utf8'),
  )
  process.kill(records.find(({ name }) => name === 'api-1')?.pid ?? 0, 'SIGKILL')
  const newServices = await waitUntil('run.json names both processes', () => {
    const run = statSync(path, { throwIfNoEntry: false }) && product.readRunFile()
    return run?.services.length === 2 && run.services
  })
  t.notOk(newServices.some(({ pid }) => services.some((service) => service.pid === pid)))
})

test('[RUN8] a process with a wrong configuration is started only once', async (t) => {
  const product = await createFakeProduct(t, { BROKEN: 'api', EXIT_CODE: '78' })
  const started = product.start('--workers=0')
  t.equal(await started.exited, 1)
  t.equal(started.getOutput().match(/it is broken/g)?.length, 1)
  t.match(started.getOutput(), /api-1 can't start with this configuration\. Its log: /)
})

test('[RUN13] a port that browsers refuse is refused for the first API node and for each further one', async (t) => {
  for (const args of [['--port=6000'], ['--port=5999', '--api=2']]) {
    const product = await createFakeProduct(t)
    const started = product.start(...args)
    t.equal(await started.exited, 1)
    t.match(
      started.getOutput(),
      /^Browsers and fetch refuse port 6000: choose another with --port=P, such as 5007\.\n$/,
    )
  }
})

test('[RUN8] a process that is not ready in time is named with its last answer, and everything is stopped', async (t) => {
  const product = await createFakeProduct(t, { NEVER_READY: 'worker', READY_TIMEOUT_MS: '3000' })
  const started = product.start()
  t.equal(await started.exited, 1)
  t.match(
    started.getOutput(),
    /Not everything is ready after 3 s\.\nworker-1 isn't ready: .*\/readyz says 503 .*"down"/,
  )
  t.match(started.getOutput(), /Its log: .*worker-1\.log/)
  t.notMatch(started.getOutput(), /api-1 isn't ready/)
  t.match(product.readJournal().slice(-2).sort(), ['api stopped', 'worker stopped'])
})
