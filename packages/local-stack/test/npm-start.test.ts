import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { findFreePort } from '../src/processes/find-free-port.ts'
import { isAlive, type RunFile, waitUntil, watchOutput } from './fake-product.ts'

const LAUNCHER = join(import.meta.dirname, '../bin/launch.mjs')
/** Matches the last line of the banner that a complete start prints. */
const STARTED = /Ctrl-C stops everything/

/** Returns the commands of package.json. They run on a new data folder, and the environment names no servers. */
function prepareCommands(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-npm-start-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const { DATABASE_URL: _, REDIS_URL: __, PORT: ___, ...env } = process.env
  const run = (script: string, ...args: string[]) => {
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
    const child = spawn(process.execPath, [LAUNCHER, script, ...args, `--data=${folder}`], { env, stdio })
    return watchOutput(child)
  }
  return {
    start: (...args: string[]) => run('packages/local-stack/bin/start.ts', ...args),
    ask: async (question: string, ...args: string[]) => {
      const command = run('packages/client/bin/ask.ts', question, ...args)
      return { exitCode: await command.exited, output: command.getOutput() }
    },
    readRunFile: () => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunFile,
  }
}

const readCommandLine = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')

test('[RUN3] [RUN5] [RUN7] [RUN12] the real product answers, restarts its servers, stops, starts again, and ends with its launcher', {
  timeout: 240_000,
}, async (t) => {
  const { start, ask, readRunFile } = prepareCommands(t)
  const port = `--port=${await findFreePort()}`
  const first = start(port)
  t.teardown(() => first.child.kill('SIGKILL'))
  await first.waitForOutput(STARTED)
  const { services, logins } = readRunFile()
  t.strictSame(services.map(({ role }) => role).sort(), ['api', 'mysql', 'redis', 'worker'])
  for (const { name, pid } of services.filter(({ role }) => role === 'api' || role === 'worker'))
    t.match(
      readCommandLine(pid),
      /\/local-stack\/dist\/[^/]+\/(?:api|worker)\.js/,
      `[RUN12] ${name} runs from the bundle`,
    )

  const answer = await ask('what should we contain first?')
  t.match(answer, { exitCode: 0, output: /198\.51\.100\.23[\s\S]*Session chat_\w+, round 1 of 10/ })

  for (const role of ['mysql', 'redis']) {
    const oldPid = services.find((service) => service.role === role)?.pid ?? 0
    process.kill(oldPid, 'SIGKILL')
    await waitUntil(`${role} runs again`, () =>
      readRunFile().services.some((service) => service.role === role && service.pid !== oldPid),
    )
  }
  t.match(
    await ask('我们应该先遏制什么？'),
    { exitCode: 0, output: /会话 chat_\w+，第 2 轮，共 10 轮/ },
    first.getOutput(),
  )

  const servicesBeforeStop = readRunFile().services
  first.child.kill('SIGTERM')
  t.equal(await first.exited, 0)
  t.notOk(servicesBeforeStop.some(({ pid }) => isAlive(pid)))
  t.match(await ask('hello?'), { exitCode: 1, output: /is not running/ })

  const second = start(port)
  t.teardown(() => second.child.kill('SIGKILL'))
  await second.waitForOutput(STARTED)
  t.strictSame(readRunFile().logins, logins)
  t.match(await ask('what now?'), { exitCode: 0, output: /round 3 of 10/ }, 'the session continues')

  const { services: lastServices } = readRunFile()
  second.child.kill('SIGKILL')
  await waitUntil('all processes have ended', () => lastServices.every(({ pid }) => !isAlive(pid)))
})
