import type { Test } from 'tap'
import type { RedisForm } from '../src/cluster/redis.ts'
import type { PlannedFault } from '../src/faults/schedule.ts'
import { formatSummary, type Report } from '../src/report.ts'
import { runChaos } from '../src/run.ts'

/** Long enough for a replica to take over. */
const duration_ms = 3_500
const schedule: PlannedFault[] = [
  { start_ms: 1_000, duration_ms, fault: { type: 'restart', server: 'redis' } },
  { start_ms: 6_000, duration_ms: 500, fault: { type: 'move-slots' } },
  { start_ms: 7_500, duration_ms, fault: { type: 'freeze-server', server: 'redis' } },
  { start_ms: 11_500, duration_ms: 200, fault: { type: 'flushall' } },
]

/** A small run in which nothing but Redis is hit. */
export async function survivesTakeovers(t: Test, redis: RedisForm): Promise<Report> {
  const size = { apis: 2, workers: 1, engineers: 2, events: 2 }
  const report = await runChaos({ seed: 6, length_ms: 12_000, ...size, redis, schedule, print: () => {} })
  t.same(report.violations, [], formatSummary(report))
  t.ok((report.counts.questions ?? 0) > 5, 'something was asked')
  return report
}
