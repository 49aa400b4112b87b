import { limitConcurrency } from '@engineer-chat/process/limit-concurrency'
import t from 'tap'

t.test('[WS35] a turn is passed on in order, also after a failure', async (t) => {
  const limited = limitConcurrency(1)
  const order: number[] = []
  const work = (n: number, fails = false) =>
    limited(async () => {
      order.push(n)
      if (fails) throw new Error('away')
    })
  await Promise.allSettled([work(1), work(2, true), work(3)])
  await work(4)
  t.same(order, [1, 2, 3, 4])
})

t.test('[PROC2] no more than `count` run, and no more than `maxWaiting` wait', async (t) => {
  const limited = limitConcurrency(2, { maxWaiting: 1, refuse: () => new Error('full') })
  const release = Promise.withResolvers<void>()
  let running = 0
  const work = () =>
    limited(async () => {
      running += 1
      await release.promise
    })
  const three = [work(), work(), work()]
  t.equal(running, 2)
  await t.rejects(work(), { message: 'full' })
  release.resolve()
  await Promise.all(three)
  t.equal(running, 3)
  await work()
})
