import type { Test } from 'tap'
import type { RedisUnderTest } from '../redis-under-test.ts'
import { countsSuite } from './counts.ts'
import { hintsSuite } from './hints.ts'
import { liveSuite } from './live.ts'
import { trustSuite } from './trust.ts'

/** These rules hold on one server, behind Sentinels and on a cluster. */
export function everyFormSuite(t: Test, under: RedisUnderTest): void {
  hintsSuite(t, under)
  liveSuite(t, under)
  countsSuite(t, under)
  trustSuite(t, under)
}
