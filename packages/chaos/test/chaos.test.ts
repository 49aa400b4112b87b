import t from 'tap'
import { formatSummary } from '../src/report.ts'
import { runChaos } from '../src/run.ts'

// This run has fewer processes than `npm run chaos`, and a seed whose first 25 s have most types of faults.
t.test(
  '[CHAOS1] the product keeps every promise of the contract during a short run with faults',
  { timeout: 400_000 },
  async (t) => {
    const seed = 33
    const report = await runChaos({ seed, lengthMs: 25_000, apis: 2, workers: 2, engineers: 3, print: () => {} })
    t.same(report.violations, [], formatSummary(report))
    t.ok((report.counts.questions ?? 0) > 10, 'engineers asked questions')
    t.ok((report.counts.connections ?? 0) > (report.counts.followers ?? 0), 'followers reconnected')
  },
)
