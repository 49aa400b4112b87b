import { setImmediate } from 'node:timers/promises'
import { test } from 'tap'
import { groupCommit } from '../../../src/mysql/core/group-commit.ts'

/** Creates a group commit whose batches end when the test ends them. */
function createControlledCommits(maxBatchItems = 100, concurrency = 1) {
  const batches: Array<{ items: number[]; end: (error?: Error) => void }> = []
  const commit = groupCommit<number, number>({
    run: (items) =>
      new Promise((resolve, reject) => {
        batches.push({ items, end: (error) => (error ? reject(error) : resolve(items.map((item) => item * 10))) })
      }),
    maxBatchItems,
    concurrency,
    maxWaiting: 5,
    createFullError: () => new Error('full'),
    shouldRunSingly: (error) => !(error instanceof Error && error.message === 'down'),
  })
  return { commit, batches, listItems: () => batches.map((batch) => batch.items) }
}

test('[STORE4] the first item runs immediately, and the items that arrive meanwhile run as one batch', async (t) => {
  const { commit, batches, listItems } = createControlledCommits()
  const answers = [1, 2, 3].map(commit)
  t.same(listItems(), [[1]])
  batches[0]?.end()
  t.equal(await answers[0], 10)
  await setImmediate()
  t.same(listItems(), [[1], [2, 3]])
  batches[1]?.end()
  t.same(await Promise.all(answers), [10, 20, 30])
  const later = commit(4)
  t.same(listItems(), [[1], [2, 3], [4]])
  batches[2]?.end()
  t.equal(await later, 40)
})

test('[STORE4] the next batch starts before the results of the previous batch are returned', async (t) => {
  const { commit, batches, listItems } = createControlledCommits()
  const batchesAtFirstResult = commit(1).then(listItems)
  const second = commit(2)
  batches[0]?.end()
  t.same(await batchesAtFirstResult, [[1], [2]])
  batches[1]?.end()
  t.equal(await second, 20)
})

test('[STORE4] the size of a batch is limited', async (t) => {
  const { commit, batches, listItems } = createControlledCommits(2)
  const answers = [1, 2, 3, 4].map(commit)
  for (const index of [0, 1, 2]) {
    batches[index]?.end()
    await setImmediate()
  }
  t.same(listItems(), [[1], [2, 3], [4]])
  t.same(await Promise.all(answers), [10, 20, 30, 40])
})

test('[STORE4] batches run with the allowed concurrency, and the remaining items wait until one of them ends', async (t) => {
  const { commit, batches, listItems } = createControlledCommits(100, 2)
  const answers = [1, 2, 3, 4].map(commit)
  t.same(listItems(), [[1], [2]])
  batches[1]?.end()
  await setImmediate()
  t.same(listItems(), [[1], [2], [3, 4]])
  batches[0]?.end()
  batches[2]?.end()
  t.same(await Promise.all(answers), [10, 20, 30, 40])
})

test('[STORE5] after a failed batch each item runs alone, and fails alone', async (t) => {
  const { commit, batches, listItems } = createControlledCommits()
  const answers = Promise.allSettled([1, 2, 3].map(commit))
  batches[0]?.end()
  await setImmediate()
  batches[1]?.end(new Error('an item failed'))
  await setImmediate()
  t.same(listItems(), [[1], [2, 3], [2], [3]])
  batches[2]?.end(new Error('this item failed'))
  batches[3]?.end()
  const settled = await answers
  t.same(
    settled.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message)),
    [10, 'this item failed', 30],
  )
})

test('[STORE5] when the database is down a batch is not split, and the next batch runs', async (t) => {
  const { commit, batches, listItems } = createControlledCommits()
  const answers = Promise.allSettled([1, 2, 3].map(commit))
  batches[0]?.end()
  await setImmediate()
  batches[1]?.end(new Error('down'))
  t.same(
    (await answers).map((outcome) => outcome.status),
    ['fulfilled', 'rejected', 'rejected'],
  )
  const next = commit(4)
  await setImmediate()
  batches[2]?.end()
  t.equal(await next, 40)
  t.same(listItems(), [[1], [2, 3], [4]])
})

test('[STORE4] an item is refused immediately if too many items wait', async (t) => {
  const { commit, batches } = createControlledCommits()
  const answers = Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map(commit))
  await t.rejects(commit(8), { message: 'full' })
  batches[0]?.end()
  await setImmediate()
  batches[1]?.end()
  t.same(
    (await answers).map((outcome) => outcome.status),
    [...Array(6).fill('fulfilled'), 'rejected'],
    'one item runs, five wait, and the seventh is refused',
  )
})
