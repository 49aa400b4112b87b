import { repeat } from '@engineer-chat/process/repeat'
import t from 'tap'

t.test('[WORKER2] work is repeated, one run at a time and also after a failure, until it is stopped', async (t) => {
  let runs = 0
  const failures: unknown[] = []
  let running = 0
  const ranThreeTimes = Promise.withResolvers<void>()
  const repetition = repeat(
    1,
    async () => {
      running += 1
      t.equal(running, 1)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      runs += 1
      if (runs === 3) ranThreeTimes.resolve()
      if (runs === 1) throw new Error('the connection is gone')
    },
    (cause) => failures.push(cause),
  )
  await ranThreeTimes.promise
  await repetition.stop()
  const runsAtStop = runs
  await new Promise((resolve) => setImmediate(resolve))
  t.equal(runs, runsAtStop)
  t.same(failures.map(String), ['Error: the connection is gone'])
})

t.test('[WORKER2] a run that throws the reason of the stop is not a failure, but any other error is one', async (t) => {
  const failures: unknown[] = []
  const startAndStop = async (toError: (signal: AbortSignal) => unknown) => {
    const repetition = repeat(
      1,
      async (signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        throw toError(signal)
      },
      (cause) => failures.push(cause),
    )
    await repetition.stop()
  }

  await startAndStop((signal) => signal.reason)
  t.same(failures, [])
  await startAndStop(() => new Error('the connection is gone'))
  t.same(failures.map(String), ['Error: the connection is gone'])
})
