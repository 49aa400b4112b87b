import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { BENCH_NAMES, BENCHES, type BenchName, Measurer, SCALES } from '../src/index.ts'
import { MAX_OTHER_PROGRAMS_SHARE } from '../src/measure/measurer.ts'
import { renderMarkdown, renderText } from '../src/report/render.ts'
import type { StoredReport } from '../src/report/report.ts'
import { startSendContenders } from '../src/send/contenders.ts'

t.setTimeout(900_000) // All benches run one after the other, and each one starts its own servers.

async function run(name: BenchName): Promise<StoredReport> {
  const report = await BENCHES[name](SCALES.tiny, new Measurer(SCALES.tiny.repetition))
  return { started_at: '', seconds: 0, cores: 2, node: process.version, others: 0, ...report }
}

for (const name of BENCH_NAMES) {
  t.test(`[BENCH1] the bench ${name} measures every cell of its tables and every goal`, async (t) => {
    const report = await run(name)
    t.equal(report.bench, name)
    t.ok(report.tables.length > 0 && report.goals.length > 0)
    for (const { title, head, rows } of report.tables) {
      t.ok(rows.length > 0 && rows.every((row) => row.length === head.length), title)
      const unmeasured = rows.filter((row) => row.some((cell) => /NaN|undefined|–/.test(cell)))
      t.same(unmeasured, [], `${title}: every cell is measured`)
    }
    for (const { what, measured } of report.goals) t.match(measured, /^-?\d/, what)
    t.ok(renderText(report).includes(report.tables[0]?.title ?? '?'))
    t.match(renderMarkdown(report), /^\| --- \|/m)
    if (name !== 'send') return
    const { cells: measurements } = report.data as {
      cells: Array<{ results: Record<string, Array<Record<string, number>>> }>
    }
    for (const { results } of measurements) {
      for (const { answered, accepted } of results.ours ?? [])
        t.equal(answered, accepted, '[BENCH2] each accepted question is answered')
    }
  })
}

t.test('[BENCH2] a run fails if a contender accepts questions that are never answered', async (t) => {
  const contenders = await startSendContenders(1)
  t.teardown(() => contenders.stop())
  // The node answers this request with 200, but stores nothing.
  const request = () => 'GET /livez HTTP/1.1\r\nhost: bench\r\n\r\n'
  await t.rejects(
    contenders.measureClosedLoop('ours', request, 1, { durationMs: 10, requests: 10 }),
    /accepted, 0 answered/,
  )
})

t.test('[BENCH3] with one try, the result is kept and the share of other programs is recorded', async (t) => {
  const measurer = new Measurer({ tries: 1, waitMs: 0 })
  t.equal(await measurer.measure(async () => 'measured'), 'measured')
  t.equal(measurer.otherProgramsShares.length, 1)
  t.ok(measurer.otherProgramsShares.every((share) => share >= 0))
})

t.test('[BENCH3] a measurement that another program disturbs is repeated until all tries are used', async (t) => {
  // The shell ends at once, so that its loop is no descendant of this process.
  const { stdout } = await promisify(execFile)('sh', ['-c', 'while :; do :; done >/dev/null 2>&1 & echo $!'])
  t.teardown(() => process.kill(Number(stdout), 'SIGKILL'))
  const measurer = new Measurer({ tries: 3, waitMs: 0 })
  let tryCount = 0
  await measurer.measure(async () => {
    tryCount += 1
    await sleep(200)
  })
  t.equal(tryCount, 3)
  t.ok((measurer.otherProgramsShares[0] ?? 0) > MAX_OTHER_PROGRAMS_SHARE)
})
