import type { Test } from 'tap'
import type { RedisForm } from '../src/cluster/redis.ts'
import type { Planned } from '../src/faults/schedule.ts'
import { type Report, summary } from '../src/report.ts'
import { chaos } from '../src/run.ts'

/** Long enough for a replica to take over. */
const for_ms = 3_500
const schedule: Planned[] = [
  { at_ms: 1_000, for_ms, fault: { type: 'restart', server: 'redis' } },
  { at_ms: 6_000, for_ms: 500, fault: { type: 'move-slots' } },
  { at_ms: 7_500, for_ms, fault: { type: 'freeze-server', server: 'redis' } },
  { at_ms: 11_500, for_ms: 200, fault: { type: 'flushall' } },
]

/** A small run in which nothing but Redis is hit. */
export async function survivesTakeovers(t: Test, redis: RedisForm): Promise<Report> {
  const size = { apis: 2, workers: 1, engineers: 2, events: 2 }
  const report = await chaos({ seed: 6, length_ms: 12_000, ...size, redis, schedule, say: () => {} })
  t.same(report.violations, [], summary(report))
  t.ok((report.counts.questions ?? 0) > 5, 'something was asked')
  return report
}
