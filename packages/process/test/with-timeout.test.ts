import { withTimeout } from '@engineer-chat/process/with-timeout'
import t from 'tap'

const never = new Promise<never>(() => {})

t.test('[PROC1] before the timeout, the result or the error of the work is passed on', async (t) => {
  const failTest = () => t.fail('the timeout fired')
  t.equal(await withTimeout(Promise.resolve('done'), 60_000, failTest), 'done')
  await t.rejects(withTimeout(Promise.reject(new Error('refused')), 60_000, failTest), { message: 'refused' })
})

t.test('[PROC1] after the timeout, the result or the error of `onTimeout` is passed on', async (t) => {
  t.equal(await withTimeout(never, 1, () => 'late'), 'late')
  const fail = () => {
    throw new Error('too late')
  }
  await t.rejects(withTimeout(never, 1, fail), { message: 'too late' })
})

t.test('[PROC1] a failure after the timeout is ignored, and no timer is left when the work has ended', async (t) => {
  const work = Promise.withResolvers<string>()
  t.equal(await withTimeout(work.promise, 1, () => 'late'), 'late')
  work.reject(new Error('ignored'))
  await new Promise((resolve) => setImmediate(resolve))
  const countTimers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = countTimers()
  await withTimeout(Promise.resolve(), 60_000, () => {})
  t.equal(countTimers(), before)
})
