import type { Test } from 'tap'
import type { RedisUnderTest } from '../redis-under-test.ts'
import { createProcesses, resolvesImmediately, waitUntil } from '../setup.ts'

const MINUTE_MS = 60_000

export function proveCounts(t: Test, redisUnderTest: RedisUnderTest): void {
  t.test(
    '[GUARD1] all nodes share one count for each key, in a window that begins with the first request',
    async (t) => {
      const { start, openRaw, namespace } = createProcesses(t, redisUnderTest.connector)
      const [firstNode, secondNode] = [start('one'), start('two')]
      const firstCount = await waitUntil(
        () => firstNode.rateCounters.increment('sends:alice', MINUTE_MS),
        (counted) => counted !== undefined,
      )
      await waitUntil(
        () => secondNode.rateCounters.increment('sends:bob', MINUTE_MS),
        (counted) => counted !== undefined,
      )
      const secondCount = await secondNode.rateCounters.increment('sends:alice', MINUTE_MS)
      // A cluster's connections open on demand, so an earlier call may have counted although it returned no result.
      t.equal(secondCount?.used, (firstCount?.used ?? 0) + 1)
      t.ok(secondCount && secondCount.resetMs > 0 && secondCount.resetMs <= MINUTE_MS)
      const redis = openRaw().client
      t.ok((await redis.pttl(`${namespace}:count:sends:alice`)) > 0, 'a key that never expires would count forever')
      await redis.persist(`${namespace}:count:sends:alice`)
      await firstNode.rateCounters.increment('sends:alice', MINUTE_MS)
      t.ok((await redis.pttl(`${namespace}:count:sends:alice`)) > 0, 'a lost expiry is set again')
    },
  )

  t.test('[GUARD2] while Redis is down or hangs, the count is unknown, and the call returns soon', async (t) => {
    const redis = await redisUnderTest.startBreakable(t)
    const { start, openRaw } = createProcesses(t, redis.connector)
    const { rateCounters } = start('one')
    const incrementCount = () => rateCounters.increment('k', MINUTE_MS)
    await waitUntil(incrementCount, (counted) => counted !== undefined)
    redis.signal('SIGSTOP')
    t.equal(await incrementCount(), undefined)
    t.ok(await resolvesImmediately(incrementCount()), 'after a slow answer the next call does not wait')
    redis.signal('SIGCONT')
    await waitUntil(incrementCount, (counted) => counted !== undefined)
    await redis.stop()
    await waitUntil(incrementCount, (counted) => counted === undefined)
    await redis.start()
    const counted = await waitUntil(incrementCount, (counted) => counted !== undefined)
    t.equal(counted?.used, await openRaw().countCalls('eval'), 'a new window has only the counts of the new server')
  })
}
