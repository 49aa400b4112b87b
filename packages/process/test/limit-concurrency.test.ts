import { limitConcurrency } from '@engineer-chat/process/limit-concurrency'
import t from 'tap'

t.test('[WS35] work runs in the order of its calls, also after work that failed', async (t) => {
  const limited = limitConcurrency(1)
  const order: number[] = []
  const runWork = (workNumber: number, fails = false) =>
    limited(async () => {
      order.push(workNumber)
      if (fails) throw new Error('failed')
    })
  await Promise.allSettled([runWork(1), runWork(2, true), runWork(3)])
  await runWork(4)
  t.same(order, [1, 2, 3, 4])
})

t.test('[PROC2] at most `maxRunning` pieces of work run, and at most `maxWaiting` wait', async (t) => {
  const limited = limitConcurrency(2, { maxWaiting: 1, createError: () => new Error('full') })
  const release = Promise.withResolvers<void>()
  let startedCount = 0
  const work = () =>
    limited(async () => {
      startedCount += 1
      await release.promise
    })
  const accepted = [work(), work(), work()]
  t.equal(startedCount, 2)
  await t.rejects(work(), { message: 'full' })
  release.resolve()
  await Promise.all(accepted)
  t.equal(startedCount, 3)
  await work()
})
