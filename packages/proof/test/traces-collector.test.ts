import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Fixture, startFixture, startOtlpReceiver, waitUntil } from '@engineer-chat/proof'
import t from 'tap'

t.setTimeout(240_000) // The test starts several processes, which takes long on a busy machine.

const EXPORT_TIMEOUT_MS = 1_000
/** A shutdown waits for the collector for at most EXPORT_TIMEOUT_MS. The additional time is for a slow machine. */
const MAX_STOP_MS = 10 * EXPORT_TIMEOUT_MS
const COLLECTOR_ENV = { OTEL_EXPORTER_OTLP_TIMEOUT: String(EXPORT_TIMEOUT_MS), OTEL_BSP_SCHEDULE_DELAY: '50' }
/** Makes a process write the URL of each module that it loads to its standard error. */
const LOG_MODULES_SCRIPT = `import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { process.stderr.write('loaded ' + url + '\\n'); return next(url, context) } })`
const LOG_MODULES_OPTION = `--import=data:text/javascript,${encodeURIComponent(LOG_MODULES_SCRIPT)}`

/** The code of OpenTelemetry contains this text, also as a part of a bundle. */
const OPENTELEMETRY_TEXT = 'telemetry.sdk.name'

async function ask({ alice, event_id, getApiUrl }: Fixture): Promise<void> {
  const { body } = await alice.ask(getApiUrl(0), event_id, 'who answers?')
  await alice.waitForReply(getApiUrl(0), body)
}

const countLines = ({ product }: Fixture, event: string): number =>
  [...product.apis, ...product.workers]
    .flatMap(({ log }) => log)
    .filter((line) => line.includes(`"event":"EngineerChat.${event}"`)).length

/** Stops every process by SIGTERM. Returns the exit codes and the longest time that a process took. */
async function stopAll({ product }: Fixture): Promise<{ codes: Array<number | string>; longestMs: number }> {
  const startedAtMs = performance.now()
  const running = [...product.workers, ...product.apis]
  for (const { child } of running) child.kill('SIGTERM')
  const codes = await Promise.all(running.map(({ exited }) => exited))
  return { codes, longestMs: performance.now() - startedAtMs }
}

for (const failure of ['is not there', 'hangs', 'refuses'] as const) {
  t.test(`[OTEL6] a collector that ${failure} delays neither an answer nor a shutdown`, async (t) => {
    const receiver = await startOtlpReceiver()
    if (failure === 'is not there') await receiver.close()
    else t.teardown(() => receiver.close())
    receiver.setMode(failure === 'hangs' ? 'hang' : 'refuse')
    const fixture = await startFixture({ env: { ...COLLECTOR_ENV, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
    t.teardown(() => fixture.stop())

    for (let i = 0; i < 5; i += 1) await ask(fixture)
    await waitUntil('both processes have logged the loss', () => countLines(fixture, 'traces_lost') >= 2)
    await ask(fixture)
    const { codes, longestMs } = await stopAll(fixture)

    t.same(codes, [0, 0])
    t.ok(longestMs < MAX_STOP_MS, `${Math.round(longestMs)} ms`)
    t.equal(countLines(fixture, 'traces_lost'), 2, 'each process logs it once')
  })
}

t.test('[OTEL7] nothing of OpenTelemetry is loaded unless a collector is named', async (t) => {
  const receiver = await startOtlpReceiver()
  t.teardown(() => receiver.close())
  const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} ${LOG_MODULES_OPTION}`
  /** Says for each API node and then for each worker whether it has loaded a module of OpenTelemetry. */
  const checkTracingLoaded = (fixture: Fixture): boolean[] =>
    [...fixture.product.apis, ...fixture.product.workers].map(({ log }) =>
      log
        .flatMap((line) => /^loaded (file:.*)$/.exec(line)?.[1] ?? [])
        .map((url) => readFileSync(fileURLToPath(url), 'utf8'))
        .some((source) => source.includes(OPENTELEMETRY_TEXT)),
    )

  const untraced = await startFixture({ env: { NODE_OPTIONS } })
  t.teardown(() => untraced.stop())
  await ask(untraced)
  t.same(checkTracingLoaded(untraced), [false, false])
  t.ok(
    untraced.product.apis[0]?.log.some((line) => line.startsWith('loaded file:')),
    'the hook works',
  )

  const traced = await startFixture({ env: { NODE_OPTIONS, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
  t.teardown(() => traced.stop())
  t.same(checkTracingLoaded(traced), [true, true], 'OpenTelemetry is loaded when a collector is named')
})
