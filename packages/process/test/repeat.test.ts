import { repeat } from '@engineer-chat/process/repeat'
import t from 'tap'

t.test(
  '[WORKER2] a chore is done at once and again, one at a time, also after it failed, until it is stopped',
  async (t) => {
    let runs = 0
    const failures: unknown[] = []
    let running = 0
    const thrice = Promise.withResolvers<void>()
    const chore = repeat(
      1,
      async () => {
        running += 1
        t.equal(running, 1)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        runs += 1
        if (runs === 3) thrice.resolve()
        if (runs === 1) throw new Error('the connection is gone')
      },
      (cause) => failures.push(cause),
    )
    await thrice.promise
    await chore.stop()
    const stopped = runs
    await new Promise((resolve) => setImmediate(resolve))
    t.equal(runs, stopped)
    t.match(failures, [{ message: 'the connection is gone' }])
  },
)
