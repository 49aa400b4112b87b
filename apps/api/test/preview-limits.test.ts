import { createMemoryStores } from '@engineer-chat/chat/testing'
import t from 'tap'
import { createHarness } from './harness.ts'
import { isProblem } from './problems.ts'

const PREVIEW = '/api/engineer-chat/preview'

t.test('[LIMIT6] a user’s previews are limited by the minute; nobody else’s are touched', async (t) => {
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
  '[LIMIT6] a node makes a bounded number at once; four more wait for each, and one more is refused',
  async (t) => {
    const stores = createMemoryStores()
    const open = Promise.withResolvers<void>()
    const waits = Promise.withResolvers<void>()
    const { findContext: contextOf } = stores.sources
    let [underWay, most] = [0, 0]
    stores.sources.findContext = async (...input) => {
      underWay += 1
      most = Math.max(most, underWay)
      waits.resolve()
      await open.promise
      underWay -= 1
      return contextOf(...input)
    }
    const harness = await createHarness({ env: { PREVIEW_MAX_CONCURRENT: '1' }, stores })
    t.teardown(() => harness.close())
    const alice = await harness.signUp('alice')
    const body = { event_id: await harness.createEvent(alice), message: 'What now?' }
    const all = Array.from({ length: 6 }, () => alice.call('POST', PREVIEW, body))
    await waits.promise
    const refused = await Promise.race(all)
    isProblem(t, refused, 503, 'unavailable')
    t.equal(refused.headers['retry-after'], '5')
    open.resolve()
    const statuses = (await Promise.all(all)).map(({ statusCode }) => statusCode)
    t.same(statuses.sort(), [200, 200, 200, 200, 200, 503])
    t.equal(most, 1)
  },
)
