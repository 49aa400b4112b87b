import { setImmediate } from 'node:timers/promises'
import { test } from 'tap'
import { groupCommit } from '../../../src/mysql/core/group-commit.ts'

/** Creates a runner whose batches end when the test says so. */
function createHeldCommits(max = 100) {
  const batches: Array<{ items: number[]; end: (error?: Error) => void }> = []
  const go = groupCommit<number, number>({
    run: (items) =>
      new Promise((resolve, reject) => {
        batches.push({ items, end: (error) => (error ? reject(error) : resolve(items.map((item) => item * 10))) })
      }),
    max,
    maxWaiting: 5,
    full: () => new Error('full'),
    divisible: (error) => !(error instanceof Error && error.message === 'down'),
  })
  return { go, batches, itemsOf: () => batches.map((batch) => batch.items) }
}

test('[STORE4] the first work runs at once, and work that comes meanwhile runs as one batch', async (t) => {
  const { go, batches, itemsOf } = createHeldCommits()
  const answers = [1, 2, 3].map(go)
  t.same(itemsOf(), [[1]])
  batches[0]?.end()
  t.equal(await answers[0], 10)
  await setImmediate()
  t.same(itemsOf(), [[1], [2, 3]])
  batches[1]?.end()
  t.same(await Promise.all(answers), [10, 20, 30])
  const later = go(4)
  t.same(itemsOf(), [[1], [2, 3], [4]])
  batches[2]?.end()
  t.equal(await later, 40)
})

test('[STORE4] the next batch starts before the last one is answered', async (t) => {
  const { go, batches, itemsOf } = createHeldCommits()
  const underWay = go(1).then(itemsOf)
  const second = go(2)
  batches[0]?.end()
  t.same(await underWay, [[1], [2]])
  batches[1]?.end()
  t.equal(await second, 20)
})

test('[STORE4] the size of a batch is limited', async (t) => {
  const { go, batches, itemsOf } = createHeldCommits(2)
  const answers = [1, 2, 3, 4].map(go)
  for (const index of [0, 1, 2]) {
    batches[index]?.end()
    await setImmediate()
  }
  t.same(itemsOf(), [[1], [2, 3], [4]])
  t.same(await Promise.all(answers), [10, 20, 30, 40])
})

test('[STORE5] after a failed batch each work runs alone, and fails alone', async (t) => {
  const { go, batches, itemsOf } = createHeldCommits()
  const answers = Promise.allSettled([1, 2, 3].map(go))
  batches[0]?.end()
  await setImmediate()
  batches[1]?.end(new Error('one of them'))
  await setImmediate()
  t.same(itemsOf(), [[1], [2, 3], [2], [3]])
  batches[2]?.end(new Error('this one'))
  batches[3]?.end()
  const settled = await answers
  t.same(
    settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message)),
    [10, 'this one', 30],
  )
})

test('[STORE5] when the database is down a batch is not split, and the next batch runs', async (t) => {
  const { go, batches, itemsOf } = createHeldCommits()
  const answers = Promise.allSettled([1, 2, 3].map(go))
  batches[0]?.end()
  await setImmediate()
  batches[1]?.end(new Error('down'))
  t.same(
    (await answers).map((one) => one.status),
    ['fulfilled', 'rejected', 'rejected'],
  )
  const next = go(4)
  await setImmediate()
  batches[2]?.end()
  t.equal(await next, 40)
  t.same(itemsOf(), [[1], [2, 3], [4]])
})

test('[STORE4] a write that finds too many waiting is refused at once', async (t) => {
  const { go, batches } = createHeldCommits()
  const answers = Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map(go))
  await t.rejects(go(8), { message: 'full' })
  batches[0]?.end()
  await setImmediate()
  batches[1]?.end()
  t.same(
    (await answers).map((one) => one.status),
    [...Array(6).fill('fulfilled'), 'rejected'],
  )
})
