import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'tap'
import { createFakeProduct, isAlive, type RunJson, waitUntil } from './fake-product.ts'

const getPid = (run: RunJson, name: string) => run.services.find((service) => service.name === name)?.pid

test('[RUN1] exactly the documented flags are taken; anything else is refused with the usage', async (t) => {
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
    t.match(started.output(), /Usage: npm start -- \[options\]\n/)
  }
})

test('[RUN2] it prints where to look and how to log in, and run.json says what is true', async (t) => {
  const product = await createFakeProduct(t)
  const started = product.start('--api=2', '--workers=2')
  const output = await started.prints(/Ctrl-C stops everything/)
  const url = `http://127.0.0.1:${product.port}`
  const run = product.runJson()
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

  t.match(output, 'api-1: warn EngineerChat.loud code=a_code', 'the terminal shows what matters,')
  t.notMatch(output, 'quiet')
  t.match(readFileSync(join(product.data, 'logs/worker-2.log'), 'utf8'), 'EngineerChat.quiet', 'the logs show all')
  for (const name of ['run.json', 'secrets.json', 'logs/api-1.log']) {
    t.equal(statSync(join(product.data, name)).mode & 0o077, 0, `${name} is its owner's alone`)
  }
})

test('[RUN3] what dies is started again at once, and run.json follows', async (t) => {
  const product = await createFakeProduct(t)
  const started = product.start('--workers=1')
  await started.prints(/Ctrl-C stops everything/)
  for (const name of ['api-1', 'worker-1', 'api-1']) {
    const before = getPid(product.runJson(), name) ?? 0
    process.kill(before, 'SIGKILL')
    const now = await waitUntil('run.json names another', () => {
      const pid = getPid(product.runJson(), name)
      return pid !== before && pid
    })
    t.ok(isAlive(now))
  }
  t.match(
    await started.prints(/worker-1 ended/),
    /worker-1 ended \(SIGKILL\) and is started again\. Its log: .*worker-1\.log/,
  )
})

test('[RUN4] a signal stops everything in order, a second one joins it, and run.json claims nothing more', async (t) => {
  const product = await createFakeProduct(t)
  const started = product.start()
  await started.prints(/Ctrl-C stops everything/)
  const { services } = product.runJson()
  started.child.kill('SIGINT')
  await started.prints(/Stopping/)
  started.child.kill('SIGTERM')
  t.equal(await started.exited, 0)
  t.notOk(services.some(({ pid }) => isAlive(pid)))
  t.strictSame(product.runJson().services, [])
  t.strictSame(product.journal().slice(-2).sort(), ['api stopped', 'worker stopped'])
  t.notOk(readdirSync(product.data).includes('start.lock'))
})

test('[RUN5] the next start goes on with the same logins and secret; --fresh makes new ones, --no-demo only an admin', async (t) => {
  const product = await createFakeProduct(t)
  const boot = async (...args: string[]) => {
    const started = product.start('--workers=0', ...args)
    await started.prints(/Ctrl-C stops everything/)
    const run = product.runJson()
    const secret = await (await fetch(`http://127.0.0.1:${product.port}/`)).text()
    started.child.kill('SIGTERM')
    await started.exited
    return { logins: run.logins, demo: run.demo_event_id, secret }
  }
  const first = await boot()
  t.strictSame(await boot(), first)
  t.ok(first.secret.length >= 32)

  writeFileSync(join(product.data, 'not-ours.txt'), 'kept')
  const fresh = await boot('--fresh', '--no-demo')
  t.match(fresh, { demo: null, logins: [{ username: 'admin' }] })
  t.equal(fresh.logins.length, 1)
  t.not(fresh.logins[0]?.password, first.logins[0]?.password)
  t.not(fresh.secret, first.secret)
  t.equal(readFileSync(join(product.data, 'not-ours.txt'), 'utf8'), 'kept', 'what it did not make it does not remove')
})

test('[RUN6] one start per folder, and a port in use: each is said in one line', async (t) => {
  const product = await createFakeProduct(t)
  const first = product.start('--workers=0')
  await first.prints(/Ctrl-C stops everything/)
  const second = product.start()
  t.equal(await second.exited, 1)
  t.match(second.output(), /^Engineer Chat is running already on .*\n$/)
  first.child.kill('SIGTERM')
  await first.exited

  const other = createServer().listen(product.port, '127.0.0.1')
  await once(other, 'listening')
  const third = product.start()
  t.equal(await third.exited, 1)
  t.match(third.output(), new RegExp(`^Port ${product.port} is in use: .*--port=P\\.\n$`))
  other.close()
})

test('[RUN6] a lock that somebody removed meanwhile is nothing to complain about', async (t) => {
  const product = await createFakeProduct(t)
  const started = product.start('--workers=0')
  await started.prints(/Ctrl-C stops everything/)
  rmSync(join(product.data, 'start.lock'))
  started.child.kill('SIGTERM')
  t.equal(await started.exited, 0)
})

test('[RUN7] killed with kill -9 it takes everything along, and the next start waits for that', async (t) => {
  const product = await createFakeProduct(t)
  const killed = product.start()
  await killed.prints(/Ctrl-C stops everything/)
  const { services } = product.runJson()
  killed.child.kill('SIGKILL')
  const next = product.start()
  await next.prints(/Ctrl-C stops everything/)
  await waitUntil('they are gone', () => services.every(({ pid }) => !isAlive(pid)))
  t.equal(product.runJson().services.length, 2)
  t.notOk(product.runJson().services.some(({ pid }) => services.some((service) => service.pid === pid)))
  next.child.kill('SIGTERM')
  t.equal(await next.exited, 0)
})

test('[RUN8] what never comes up is given up after some tries, and everything else is stopped', async (t) => {
  for (const broken of ['worker', 'seed']) {
    const product = await createFakeProduct(t, { BROKEN: broken })
    const started = product.start()
    t.equal(await started.exited, 1)
    const output = started.output()
    if (broken === 'worker')
      t.match(output, /it is broken[\s\S]*worker-1 ended at once, 5 times \(code 3\)\. Its log: /)
    else t.match(output, /couldn't be prepared:\nno database there/)
    t.notOk(readdirSync(product.data).includes('run.json'))
    if (broken === 'worker') t.match(product.journal(), ['seed admin,alice,bob,captain', 'api started', 'api stopped'])
  }
})

test('[RUN8] a wrong configuration is told once', async (t) => {
  const product = await createFakeProduct(t, { BROKEN: 'api', EXIT_CODE: '78' })
  const started = product.start('--workers=0')
  t.equal(await started.exited, 1)
  t.equal(started.output().match(/it is broken/g)?.length, 1)
  t.match(started.output(), /api-1 can't start with this configuration\. Its log: /)
})

test('[RUN13] a port that browsers refuse is refused with words, for the first and each further node', async (t) => {
  for (const args of [['--port=6000'], ['--port=5999', '--api=2']]) {
    const product = await createFakeProduct(t)
    const started = product.start(...args)
    t.equal(await started.exited, 1)
    t.match(started.output(), /^Browsers and fetch refuse port 6000: choose another with --port=P, such as 5007\.\n$/)
  }
})

test('[RUN8] what runs and never becomes ready is given up in time, with what it says', async (t) => {
  const product = await createFakeProduct(t, { NEVER_READY: 'worker', READY_TIMEOUT_MS: '3000' })
  const started = product.start()
  t.equal(await started.exited, 1)
  t.match(started.output(), /Not everything is ready after 3 s\.\nworker-1 isn't ready: .*\/readyz says 503 .*"down"/)
  t.match(started.output(), /Its log: .*worker-1\.log/)
  t.notMatch(started.output(), /api-1 isn't ready/)
  t.match(product.journal().slice(-2).sort(), ['api stopped', 'worker stopped'])
})
