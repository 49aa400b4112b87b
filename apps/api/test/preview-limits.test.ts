import { createMemoryStores } from '@engineer-chat/chat/testing'
import t from 'tap'
import { createHarness } from './harness.ts'
import { checkProblem } from './problems.ts'

const PREVIEW = '/api/engineer-chat/preview'

t.test('[LIMIT6] each user has a separate limit of previews per minute', async (t) => {
  const harness = await createHarness({ env: { RATE_LIMIT_PREVIEWS_PER_MINUTE: '2' } })
  t.teardown(() => harness.close())
  const [alice, bob] = [await harness.signUp('alice'), await harness.signUp('bob')]
  const body = { event_id: await harness.createEvent(alice), message: 'What now?' }
  for (let i = 0; i < 2; i++) t.equal((await alice.call('POST', PREVIEW, body)).statusCode, 200)
  const refused = await alice.call('POST', PREVIEW, body)
  checkProblem(t, refused, 429, 'rate_limited')
  t.ok(Number(refused.headers['retry-after']) > 0)
  t.equal((await bob.call('POST', PREVIEW, body)).statusCode, 200)
  t.equal((await alice.call('GET', '/api/auth/me')).statusCode, 200, 'other requests have a separate count')
})

t.test(
  '[LIMIT6] a node builds a limited number of previews at once; four times as many may wait, and any further one is refused',
  async (t) => {
    const stores = createMemoryStores()
    const released = Promise.withResolvers<void>()
    const firstStarted = Promise.withResolvers<void>()
    const { findContext } = stores.sources
    let [running, maxRunning] = [0, 0]
    stores.sources.findContext = async (...input) => {
      running += 1
      maxRunning = Math.max(maxRunning, running)
      firstStarted.resolve()
      await released.promise
      running -= 1
      return findContext(...input)
    }
    const harness = await createHarness({ env: { PREVIEW_MAX_CONCURRENT: '1' }, stores })
    t.teardown(() => harness.close())
    const alice = await harness.signUp('alice')
    const body = { event_id: await harness.createEvent(alice), message: 'What now?' }
    // One preview is built, four wait, and the sixth one is refused.
    const answers = Array.from({ length: 6 }, () => alice.call('POST', PREVIEW, body))
    await firstStarted.promise
    const refused = await Promise.race(answers) // The others are answered only after `released`.
    checkProblem(t, refused, 503, 'unavailable')
    t.equal(refused.headers['retry-after'], '5')
    released.resolve()
    const statuses = (await Promise.all(answers)).map(({ statusCode }) => statusCode)
    t.same(statuses.sort(), [200, 200, 200, 200, 200, 503])
    t.equal(maxRunning, 1)
  },
)
