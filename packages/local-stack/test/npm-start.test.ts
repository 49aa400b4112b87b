import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { findFreePort } from '../src/processes/find-free-port.ts'
import { isAlive, type RunJson, waitUntil, watch } from './fake-product.ts'

const LAUNCH = join(import.meta.dirname, '../bin/launch.mjs')
const UP = /Ctrl-C stops everything/

/** The commands of package.json, on a folder of their own, with no servers in the environment. */
function installCommands(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-npm-start-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const { DATABASE_URL: _, REDIS_URL: __, PORT: ___, ...env } = process.env
  const run = (script: string, ...args: string[]) => {
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
    const child = spawn(process.execPath, [LAUNCH, script, ...args, `--data=${folder}`], { env, stdio })
    return watch(child)
  }
  return {
    start: (...args: string[]) => run('packages/local-stack/bin/start.ts', ...args),
    ask: async (question: string, ...args: string[]) => {
      const asked = run('packages/client/bin/ask.ts', question, ...args)
      return { exitCode: await asked.exited, output: asked.output() }
    },
    runJson: () => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunJson,
  }
}

const readCommandLine = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')

test('[RUN3] [RUN5] [RUN7] [RUN12] the real product: asked, its servers killed, stopped, started again, killed', {
  timeout: 240_000,
}, async (t) => {
  const { start, ask, runJson } = installCommands(t)
  const port = `--port=${await findFreePort()}`
  const first = start(port)
  t.teardown(() => first.child.kill('SIGKILL'))
  await first.prints(UP)
  const { services, logins } = runJson()
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
    const before = services.find((service) => service.role === role)?.pid ?? 0
    process.kill(before, 'SIGKILL')
    await waitUntil(`${role} runs again`, () =>
      runJson().services.some(({ role: its, pid }) => its === role && pid !== before),
    )
  }
  t.match(
    await ask('我们应该先遏制什么？'),
    { exitCode: 0, output: /会话 chat_\w+，第 2 轮，共 10 轮/ },
    first.output(),
  )

  const running = runJson().services
  first.child.kill('SIGTERM')
  t.equal(await first.exited, 0)
  t.notOk(running.some(({ pid }) => isAlive(pid)))
  t.match(await ask('hello?'), { exitCode: 1, output: /isn't running/ })

  const second = start(port)
  t.teardown(() => second.child.kill('SIGKILL'))
  await second.prints(UP)
  t.strictSame(runJson().logins, logins)
  t.match(await ask('what now?'), { exitCode: 0, output: /round 3 of 10/ }, 'the session is where it was')

  const { services: last } = runJson()
  second.child.kill('SIGKILL')
  await waitUntil('nothing is left', () => last.every(({ pid }) => !isAlive(pid)))
})
