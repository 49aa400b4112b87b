import t from 'tap'
import { BENCH_NAMES, BENCHES, type BenchName, IdleMachine, SCALES } from '../src/index.ts'
import { renderMarkdown, renderText } from '../src/report/render.ts'
import type { StoredReport } from '../src/report/report.ts'

t.setTimeout(300_000)

async function run(name: BenchName): Promise<StoredReport> {
  const report = await BENCHES[name](SCALES.tiny, new IdleMachine(SCALES.tiny.waiting))
  return { started_at: '', seconds: 0, cores: 2, node: process.version, others: 0, ...report }
}

for (const name of BENCH_NAMES) {
  t.test(`[BENCH1] ${name} measures all its contenders in real processes`, async (t) => {
    const report = await run(name)
    t.equal(report.bench, name)
    t.ok(report.tables.length > 0 && report.goals.length > 0)
    for (const { title, head, rows } of report.tables) {
      t.ok(rows.length > 0 && rows.every((row) => row.length === head.length), title)
      const unmeasured = rows.filter((row) => row.some((cell) => /NaN|undefined|–/.test(cell)))
      t.same(unmeasured, [], `${title}: all of it is measured`)
    }
    for (const { what, measured } of report.goals) t.match(measured, /^-?\d/, what)
    t.ok(renderText(report).includes(report.tables[0]?.title ?? '?'))
    t.match(renderMarkdown(report), /^\| --- \|/m)
    if (name !== 'send') return
    const { cells } = report.data as { cells: Array<{ results: Record<string, Array<Record<string, number>>> }> }
    for (const { results } of cells) {
      for (const one of results.ours ?? []) t.equal(one.answered, one.accepted, '[BENCH2]')
    }
  })
}

t.test('[BENCH2] a run fails when a contender accepts questions that nobody answers', async (t) => {
  const { startContenders } = await import('../src/send/contenders.ts')
  const contenders = await startContenders(1)
  t.teardown(() => contenders.stop())
  const request = () => 'GET /livez HTTP/1.1\r\nhost: bench\r\n\r\n' // It is answered with 200 and stores nothing.
  await t.rejects(
    contenders.measureClosedLoop('ours', request, 1, { durationMs: 10, requests: 10 }),
    /accepted, 0 answered/,
  )
})

t.test('[BENCH3] the share of other programs is reported, and a disturbed measurement is repeated', async (t) => {
  const machine = new IdleMachine({ tries: 3, waitMs: 0 })
  let measured = 0
  await machine.measure(async () => {
    measured += 1
  })
  t.ok(measured >= 1 && measured <= 3)
  t.equal(machine.keptShares.length, 1)
  t.ok(machine.keptShares.every((share) => share >= 0))
})
