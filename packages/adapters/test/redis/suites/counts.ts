import type { Test } from 'tap'
import type { RedisUnderTest } from '../redis-under-test.ts'
import { atOnce, processes, until } from '../setup.ts'

const MINUTE = 60_000

export function countsSuite(t: Test, under: RedisUnderTest): void {
  t.test('[GUARD1] nodes count together, in windows that begin with the first count', async (t) => {
    const { start, raw, namespace } = processes(t, under.servers)
    const [one, two] = [start('one'), start('two')]
    const first = await until(
      () => one.counts.increment('sends:alice', MINUTE),
      (counted) => counted !== undefined,
    )
    await until(
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

  t.test('[GUARD2] while Redis is away or hangs the answer is that nobody knows, and it comes soon', async (t) => {
    const redis = await under.startBreakable(t)
    const { start, raw } = processes(t, redis.servers)
    const { counts } = start('one')
    const known = () => counts.increment('k', MINUTE)
    await until(known, (counted) => counted !== undefined)
    redis.signal('SIGSTOP')
    t.equal(await known(), undefined)
    t.ok(await atOnce(known()), 'one that was too slow is not waited for at once again')
    redis.signal('SIGCONT')
    await until(known, (counted) => counted !== undefined)
    await redis.stop()
    await until(known, (counted) => counted === undefined)
    await redis.start()
    const counted = await until(known, (counted) => counted !== undefined)
    t.equal(
      counted?.used,
      await raw().countCalls('eval'),
      'a new window: what the new server has counted, and nothing else',
    )
  })
}
