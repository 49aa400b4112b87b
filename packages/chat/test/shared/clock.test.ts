import { getEventListeners } from 'node:events'
import t from 'tap'
import { systemClock } from '../../src/shared/clock.ts'

t.test(
  '[ANSWER5] a sleep ends after its time, or immediately with the reason of the signal, and leaves no listener',
  async (t) => {
    const ending = new AbortController()
    const reason = new Error('enough')
    await systemClock.sleep(1, ending.signal)
    t.equal(getEventListeners(ending.signal, 'abort').length, 0)
    const long = systemClock.sleep(60_000, ending.signal)
    ending.abort(reason)
    await t.rejects(long, reason)
    await t.rejects(systemClock.sleep(60_000, ending.signal), reason, 'a sleep with an aborted signal does not begin')
    t.notOk(process.getActiveResourcesInfo().includes('Timeout'), 'no timer is left')
  },
)
