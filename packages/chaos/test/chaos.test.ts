import t from 'tap'
import { formatSummary } from '../src/report.ts'
import { runChaos } from '../src/run.ts'

/** Fewer processes than `npm run chaos` has, and a seed whose half minute holds something of everything. */
t.test('[CHAOS1] a short run: what is broken on purpose breaks no promise', { timeout: 400_000 }, async (t) => {
  const seed = 33
  const report = await runChaos({ seed, length_ms: 25_000, apis: 2, workers: 2, engineers: 3, print: () => {} })
  t.same(report.violations, [], formatSummary(report))
  t.ok((report.counts.questions ?? 0) > 10, 'something was asked')
  t.ok((report.counts.connections ?? 0) > (report.counts.followers ?? 0), 'sockets came back')
})
