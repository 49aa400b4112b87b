import type { Test } from 'tap'
import type { RedisUnderTest } from '../redis-under-test.ts'
import { proveCounts } from './counts.ts'
import { proveHints } from './hints.ts'
import { proveReplyStreams } from './reply-streams.ts'
import { proveTrust } from './trust.ts'

/** These rules hold on one server, behind Sentinels and on a cluster. */
export function proveEveryForm(t: Test, redisUnderTest: RedisUnderTest): void {
  proveHints(t, redisUnderTest)
  proveReplyStreams(t, redisUnderTest)
  proveCounts(t, redisUnderTest)
  proveTrust(t, redisUnderTest)
}
