import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Fixture, startFixture, startOtlpReceiver, waitUntil } from '@engineer-chat/proof'
import t from 'tap'

t.setTimeout(240_000)

const TIMEOUT_MS = 1_000
const COLLECTOR = { OTEL_EXPORTER_OTLP_TIMEOUT: String(TIMEOUT_MS), OTEL_BSP_SCHEDULE_DELAY: '50' }
/** Writes the address of each module that a process loads to its standard error. */
const SHOW_MODULES = `import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { process.stderr.write('loaded ' + url + '\\n'); return next(url, context) } })`
const HOOK = `--import=data:text/javascript,${encodeURIComponent(SHOW_MODULES)}`

async function ask({ alice, event_id, getApiUrl }: Fixture): Promise<void> {
  const { body } = await alice.ask(getApiUrl(0), event_id, 'who answers?')
  await alice.waitForReply(getApiUrl(0), body)
}

const countLines = ({ product }: Fixture, event: string): number =>
  [...product.apis, ...product.workers]
    .flatMap(({ log }) => log)
    .filter((line) => line.includes(`"event":"EngineerChat.${event}"`)).length

/** Stops every process by SIGTERM. Returns the exit codes, and the longest time that one took. */
async function stopAll({ product }: Fixture): Promise<{ codes: Array<number | string>; longestMs: number }> {
  const startedAtMs = performance.now()
  const running = [...product.workers, ...product.apis]
  for (const { child } of running) child.kill('SIGTERM')
  const codes = await Promise.all(running.map(({ exited }) => exited))
  return { codes, longestMs: performance.now() - startedAtMs }
}

for (const how of ['is not there', 'hangs', 'refuses'] as const) {
  t.test(`[OTEL6] a collector that ${how} slows no answer and holds no shutdown`, async (t) => {
    const receiver = await startOtlpReceiver()
    if (how === 'is not there') await receiver.close()
    else t.teardown(() => receiver.close())
    receiver.answer(how === 'hangs' ? 'hang' : 'refuse')
    const fixture = await startFixture({ env: { ...COLLECTOR, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
    t.teardown(() => fixture.stop())

    for (let question = 0; question < 5; question += 1) await ask(fixture)
    await waitUntil('both processes say so', () => countLines(fixture, 'traces_lost') >= 2)
    await ask(fixture)
    const { codes, longestMs } = await stopAll(fixture)

    t.same(codes, [0, 0])
    t.ok(longestMs < 10 * TIMEOUT_MS, `${Math.round(longestMs)} ms`)
    t.equal(countLines(fixture, 'traces_lost'), 2, 'each says it once')
  })
}

t.test('[OTEL7] nothing of OpenTelemetry is loaded unless a collector is named', async (t) => {
  const receiver = await startOtlpReceiver()
  t.teardown(() => receiver.close())
  const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} ${HOOK}`
  const loadsTracing = (fixture: Fixture) =>
    [...fixture.product.apis, ...fixture.product.workers].map(({ log }) =>
      log
        .flatMap((line) => /^loaded (file:.*)$/.exec(line)?.[1] ?? [])
        .map((url) => readFileSync(fileURLToPath(url), 'utf8'))
        .some((source) => source.includes('telemetry.sdk.name')),
    )

  const off = await startFixture({ env: { NODE_OPTIONS } })
  t.teardown(() => off.stop())
  await ask(off)
  t.same(loadsTracing(off), [false, false])
  t.ok(
    off.product.apis[0]?.log.some((line) => line.startsWith('loaded file:')),
    'the modules are seen',
  )

  const on = await startFixture({ env: { NODE_OPTIONS, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
  t.teardown(() => on.stop())
  t.same(loadsTracing(on), [true, true], 'as they are where one is named')
})
