import type { Test } from 'tap'
import type { RedisUnderTest } from '../redis-under-test.ts'
import { countsSuite } from './counts.ts'
import { hintsSuite } from './hints.ts'
import { liveSuite } from './live.ts'

/** What holds on one server, behind Sentinels and on a cluster alike. */
export function everyFormSuite(t: Test, under: RedisUnderTest): void {
  hintsSuite(t, under)
  liveSuite(t, under)
  countsSuite(t, under)
}
