import type { Test } from 'tap'
import type { PlannedFault, RedisOutageKind } from '../src/faults/fault.ts'
import { type ChaosReport, formatSummary } from '../src/report.ts'
import { runChaos } from '../src/run.ts'
import type { RedisTopology } from '../src/testbed/redis.ts'

/** A replica needs less than this time to take over. */
const durationMs = 3_500
const schedule: PlannedFault[] = [
  { startMs: 1_000, durationMs, fault: { type: 'restart', server: 'redis' } },
  { startMs: 6_000, durationMs: 500, fault: { type: 'move-slots' } },
  { startMs: 7_500, durationMs, fault: { type: 'freeze-server', server: 'redis' } },
  { startMs: 11_500, durationMs: 200, fault: { type: 'flushall' } },
]

/**
 * Runs the product while a primary of Redis dies, hash slots move if Redis is a cluster, a primary hangs, all keys are
 * deleted, and all servers hang or stop. Nothing else breaks. Proves that there is no violation.
 */
export async function checkTakeovers(t: Test, redis: RedisTopology, outageKind: RedisOutageKind): Promise<ChaosReport> {
  const size = { apis: 2, workers: 1, engineers: 2, events: 2 }
  const outage: PlannedFault = { startMs: 12_000, durationMs, fault: { type: 'redis-away', kind: outageKind } }
  const options = { seed: 6, lengthMs: 12_000, ...size, redis, schedule: [...schedule, outage] }
  const report = await runChaos({ ...options, print: () => {} })
  t.same(report.violations, [], formatSummary(report))
  t.ok((report.counts.questions ?? 0) > 5, 'engineers asked questions')
  t.match(report.outages, [{ how: outageKind }])
  return report
}
