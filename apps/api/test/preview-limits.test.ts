import { createMemoryStores } from '@engineer-chat/chat/testing'
import t from 'tap'
import { createHarness } from './harness.ts'
import { isProblem } from './problems.ts'

const PREVIEW = '/api/engineer-chat/preview'

t.test('[LIMIT6] the previews of a user are limited per minute, and those of others are not affected', async (t) => {
  const harness = await createHarness({ env: { RATE_LIMIT_PREVIEWS_PER_MINUTE: '2' } })
  t.teardown(() => harness.close())
  const [alice, bob] = [await harness.signUp('alice'), await harness.signUp('bob')]
  const body = { event_id: await harness.createEvent(alice), message: 'What now?' }
  for (let i = 0; i < 2; i++) t.equal((await alice.call('POST', PREVIEW, body)).statusCode, 200)
  const refused = await alice.call('POST', PREVIEW, body)
  isProblem(t, refused, 429, 'rate_limited')
  t.ok(Number(refused.headers['retry-after']) > 0)
  t.equal((await bob.call('POST', PREVIEW, body)).statusCode, 200)
  t.equal((await alice.call('GET', '/api/auth/me')).statusCode, 200, 'other requests are counted apart')
})

t.test(
  '[LIMIT6] a node builds a limited number of previews at once; four more wait for each, and one more is refused',
  async (t) => {
    const stores = createMemoryStores()
    const released = Promise.withResolvers<void>()
    const firstStarted = Promise.withResolvers<void>()
    const { findContext } = stores.sources
    let [running, mostRunning] = [0, 0]
    stores.sources.findContext = async (...input) => {
      running += 1
      mostRunning = Math.max(mostRunning, running)
      firstStarted.resolve()
      await released.promise
      running -= 1
      return findContext(...input)
    }
    const harness = await createHarness({ env: { PREVIEW_MAX_CONCURRENT: '1' }, stores })
    t.teardown(() => harness.close())
    const alice = await harness.signUp('alice')
    const body = { event_id: await harness.createEvent(alice), message: 'What now?' }
    const answers = Array.from({ length: 6 }, () => alice.call('POST', PREVIEW, body))
    await firstStarted.promise
    const refused = await Promise.race(answers)
    isProblem(t, refused, 503, 'unavailable')
    t.equal(refused.headers['retry-after'], '5')
    released.resolve()
    const statuses = (await Promise.all(answers)).map(({ statusCode }) => statusCode)
    t.same(statuses.sort(), [200, 200, 200, 200, 200, 503])
    t.equal(mostRunning, 1)
  },
)
