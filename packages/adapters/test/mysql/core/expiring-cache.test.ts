import { test } from 'tap'
import { createExpiringCache } from '../../../src/mysql/core/expiring-cache.ts'

/** Creates a cache, and a `get` whose reads are counted: the first read returns 1, the second 2. */
function createCountedCache(maxEntries = 10) {
  const clock = { now: 0 }
  const cache = createExpiringCache<number>({ maxAgeMs: 400, maxEntries, now: () => clock.now })
  let readCount = 0
  return {
    clock,
    cache,
    countReads: () => readCount,
    get: (key: string) => cache.get(key, async () => ++readCount),
  }
}

test('[AUTH5] an entry that is 400 ms old is not returned', async (t) => {
  const { clock, get } = createCountedCache()
  t.equal(await get('a'), 1)
  clock.now = 399
  t.equal(await get('a'), 1)
  clock.now = 400
  t.equal(await get('a'), 2)
})

test('[AUTH5] the age is counted from the beginning of the read', async (t) => {
  const { clock, cache, get } = createCountedCache()
  const slow = Promise.withResolvers<number>()
  const firstRead = cache.get('a', () => slow.promise)
  clock.now = 400
  t.equal(await get('a'), 1, 'a later caller does not wait for the slow read')
  slow.resolve(99)
  t.equal(await firstRead, 99)
  t.equal(await get('a'), 1, 'the older value does not replace the newer one')
})

test('[AUTH7] concurrent callers share one read', async (t) => {
  const { get, countReads } = createCountedCache()
  t.same(await Promise.all([get('a'), get('a'), get('b'), get('a')]), [1, 1, 2, 1])
  t.equal(countReads(), 2)
})

test('[AUTH7] neither a failure nor an absent value is cached', async (t) => {
  const { cache, get } = createCountedCache()
  const fail = () => Promise.reject(new Error('away'))
  const failingReads = [cache.get('a', fail), cache.get('a', fail)]
  for (const read of failingReads) await t.rejects(read, { message: 'away' })
  t.equal(await get('a'), 1)
  t.equal(await cache.get('b', async () => undefined), undefined)
  t.equal(await get('b'), 2)
})

test('[AUTH7] the oldest entries are removed when there are too many', async (t) => {
  const { get, countReads } = createCountedCache(2)
  for (const key of ['a', 'b', 'c']) await get(key)
  t.equal(await get('c'), 3)
  t.equal(await get('b'), 2)
  t.equal(await get('a'), 4, 'its entry was removed')
  t.equal(countReads(), 4)
})

test('[AUTH5] a cleared entry is read again, even if its read was running', async (t) => {
  const { cache, get } = createCountedCache()
  const slow = Promise.withResolvers<number>()
  const earlierRead = cache.get('a', () => slow.promise)
  cache.clear()
  t.equal(await get('a'), 1)
  slow.resolve(99)
  await earlierRead
  t.equal(await get('a'), 1)
})
