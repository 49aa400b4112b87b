import type { Log } from '@engineer-chat/chat'
import t from 'tap'
import { every } from '../src/every.ts'

const log: Log = { info() {}, warn() {}, error() {} }

t.test(
  '[WORKER2] a chore is done at once and again, one at a time, also after it failed, until it is stopped',
  async (t) => {
    let runs = 0
    let running = 0
    const thrice = Promise.withResolvers<void>()
    const chore = every(
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
      log,
    )
    await thrice.promise
    await chore.stop()
    const stopped = runs
    await new Promise((resolve) => setImmediate(resolve))
    t.equal(runs, stopped)
  },
)
