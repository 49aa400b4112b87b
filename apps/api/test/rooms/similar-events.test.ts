import type { AuditEntry } from '@engineer-chat/chat/shared'
import type { SimilarEvent } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { extractIndicators, indexTexts } from '../follow-rooms.ts'
import { createHarness, type TestCaller } from '../harness.ts'
import { checkProblem } from '../problems.ts'

async function setUp(t: Test) {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [alice, bob, admin] = [
    await harness.signUp('alice'),
    await harness.signUp('bob'),
    await harness.signUp('root', 'admin'),
  ]
  const createEvent = (event_name: string, fields: object) =>
    harness.createEvent(alice, { event_name, message: 'Beacon to 198.51.100[.]7', ...fields })
  const currentEvent = await createEvent('Current', {})
  await createEvent('Open', {})
  const restrictedEvent = await createEvent('Restricted', { access: 'restricted' })
  await extractIndicators(harness.stores)
  await indexTexts(harness.stores)
  const list = async (caller: TestCaller, query = ''): Promise<SimilarEvent[]> =>
    (await caller.call('GET', `/api/events/${currentEvent}/similar${query}`)).json().items
  return { harness, alice, bob, admin, currentEvent, restrictedEvent, list }
}

t.test('[SIMILAR1] events that share an indicator are listed together with the indicator', async (t) => {
  const { bob, list } = await setUp(t)
  const listed = await list(bob)
  t.equal(listed.length, 1, 'Bob may not enter the restricted event')
  t.match(listed, [
    {
      event_name: 'Open',
      severity: /./,
      shared_indicators: [{ type: 'ipv4', value: '198.51.100.7' }],
      excerpt: 'Beacon to 198.51.100[.]7',
    },
  ])
  checkProblem(t, await bob.call('GET', '/api/events/none/similar'), 404, 'event_not_found')
})

t.test('[SIMILAR3] the list has only events that the caller may enter', async (t) => {
  const { alice, bob, restrictedEvent, list } = await setUp(t)
  const listNames = async (caller: TestCaller) => (await list(caller)).map(({ event_name }) => event_name).sort()
  t.same(await listNames(alice), ['Open', 'Restricted'])
  t.same(await listNames(bob), ['Open'])
  t.equal((await list(alice, '?limit=1')).length, 1)
  checkProblem(t, await bob.call('GET', `/api/events/${restrictedEvent}/similar`), 404, 'event_not_found')
})

t.test('[SIMILAR3] if the list shows an admin a restricted event, the audit records the view', async (t) => {
  const { harness, admin, restrictedEvent, list } = await setUp(t)
  const entries: AuditEntry[] = []
  const { write } = harness.stores.audit
  harness.stores.audit.write = async (written) => {
    entries.push(...written)
    return write(written)
  }
  await list(admin)
  t.match(entries, [{ action: 'admin_view', event_id: restrictedEvent }])
  t.equal(entries.length, 1)
})
