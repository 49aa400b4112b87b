import { withTimeout } from '@engineer-chat/process/with-timeout'
import t from 'tap'

const never = new Promise<never>(() => {})

t.test('[PROC1] work that is in time gives what it gives, or throws what it throws', async (t) => {
  const failTest = () => t.fail('it was in time')
  t.equal(await withTimeout(Promise.resolve('done'), 60_000, failTest), 'done')
  await t.rejects(withTimeout(Promise.reject(new Error('refused')), 60_000, failTest), { message: 'refused' })
})

t.test('[PROC1] work that is late gives what `onTimeout` gives, or throws what it throws', async (t) => {
  t.equal(await withTimeout(never, 1, () => 'late'), 'late')
  const fail = () => {
    throw new Error('too late')
  }
  await t.rejects(withTimeout(never, 1, fail), { message: 'too late' })
})

t.test('[PROC1] a failure after the timeout is dropped, and no timer outlives the work', async (t) => {
  const work = Promise.withResolvers<string>()
  t.equal(await withTimeout(work.promise, 1, () => 'late'), 'late')
  work.reject(new Error('nobody waits for this'))
  await new Promise((resolve) => setImmediate(resolve))
  const countTimers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = countTimers()
  await withTimeout(Promise.resolve(), 60_000, () => {})
  t.equal(countTimers(), before)
})
