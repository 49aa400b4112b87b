import type { Test } from 'tap'
import type { RedisUnderTest } from '../redis-under-test.ts'
import { createProcesses, resolvesAtOnce, waitUntil } from '../setup.ts'

const MINUTE = 60_000

export function proveCounts(t: Test, redisUnderTest: RedisUnderTest): void {
  t.test('[GUARD1] nodes count together, in windows that begin with the first count', async (t) => {
    const { start, raw, namespace } = createProcesses(t, redisUnderTest.servers)
    const [one, two] = [start('one'), start('two')]
    const first = await waitUntil(
      () => one.counts.increment('sends:alice', MINUTE),
      (counted) => counted !== undefined,
    )
    await waitUntil(
      () => two.counts.increment('sends:bob', MINUTE),
      (counted) => counted !== undefined,
    )
    const second = await two.counts.increment('sends:alice', MINUTE)
    // The first try of a cluster may be counted without being waited for, because connections open on demand.
    t.equal(second?.used, (first?.used ?? 0) + 1)
    t.ok(second && second.resetMs > 0 && second.resetMs <= MINUTE)
    const redis = raw().client
    t.ok((await redis.pttl(`${namespace}:count:sends:alice`)) > 0, 'a key that never expires would count for ever')
    await redis.persist(`${namespace}:count:sends:alice`)
    await one.counts.increment('sends:alice', MINUTE)
    t.ok((await redis.pttl(`${namespace}:count:sends:alice`)) > 0)
  })

  t.test('[GUARD2] while Redis is down or hangs, the count is unknown, and the answer comes soon', async (t) => {
    const redis = await redisUnderTest.startBreakable(t)
    const { start, raw } = createProcesses(t, redis.servers)
    const { counts } = start('one')
    const isKnown = () => counts.increment('k', MINUTE)
    await waitUntil(isKnown, (counted) => counted !== undefined)
    redis.signal('SIGSTOP')
    t.equal(await isKnown(), undefined)
    t.ok(await resolvesAtOnce(isKnown()), 'one that was too slow is not waited for at once again')
    redis.signal('SIGCONT')
    await waitUntil(isKnown, (counted) => counted !== undefined)
    await redis.stop()
    await waitUntil(isKnown, (counted) => counted === undefined)
    await redis.start()
    const counted = await waitUntil(isKnown, (counted) => counted !== undefined)
    t.equal(
      counted?.used,
      await raw().countCalls('eval'),
      'a new window: what the new server has counted, and nothing else',
    )
  })
}
