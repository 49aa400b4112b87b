import { TEXT_RULES } from '@engineer-chat/chat/ranking'
import { followRooms, INDICATOR_RULES } from '@engineer-chat/chat/rooms'
import type { AuditEntry } from '@engineer-chat/chat/shared'
import type { SimilarEvent } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createHarness, type TestCaller } from '../harness.ts'
import { isProblem } from '../problems.ts'

const LIMITS = { maxRooms: 10, maxMessages: 100 }

async function setUp(t: Test) {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [alice, bob, admin] = [
    await harness.signUp('alice'),
    await harness.signUp('bob'),
    await harness.signUp('root', 'admin'),
  ]
  const create = (event_name: string, fields: object) =>
    harness.createEvent(alice, { event_name, message: 'Beacon to 198.51.100[.]7', ...fields })
  const now = await create('Now', {})
  await create('Open', {})
  const closed = await create('Closed', { access: 'restricted' })
  await followRooms(harness.stores.indicators, INDICATOR_RULES, LIMITS)
  await followRooms(harness.stores.textIndex, TEXT_RULES, LIMITS)
  const list = async (by: TestCaller, query = ''): Promise<SimilarEvent[]> =>
    (await by.call('GET', `/api/events/${now}/similar${query}`)).json().items
  return { harness, alice, bob, admin, now, closed, list }
}

t.test('[SIMILAR1] events that share an indicator are listed with it', async (t) => {
  const { bob, list } = await setUp(t)
  t.match(await list(bob), [
    {
      event_name: 'Open',
      severity: /./,
      shared_indicators: [{ type: 'ipv4', value: '198.51.100.7' }],
      excerpt: 'Beacon to 198.51.100[.]7',
    },
  ])
  isProblem(t, await bob.call('GET', '/api/events/none/similar'), 404, 'event_not_found')
})

t.test('[SIMILAR3] an answer names only events that the caller may enter', async (t) => {
  const { alice, bob, closed, list } = await setUp(t)
  const listNames = async (by: TestCaller) => (await list(by)).map(({ event_name }) => event_name).sort()
  t.same(await listNames(alice), ['Closed', 'Open'])
  t.same(await listNames(bob), ['Open'])
  t.equal((await list(alice, '?limit=1')).length, 1)
  isProblem(t, await bob.call('GET', `/api/events/${closed}/similar`), 404, 'event_not_found')
})

t.test('[SIMILAR3] an admin who sees a restricted event leaves a line in the audit', async (t) => {
  const { harness, admin, closed, list } = await setUp(t)
  const entries: AuditEntry[] = []
  const { write } = harness.stores.audit
  harness.stores.audit.write = async (written) => {
    entries.push(...written)
    return write(written)
  }
  await list(admin)
  t.match(entries, [{ action: 'admin_view', event_id: closed }])
  t.equal(entries.length, 1)
})
