import type { AuditEntry } from '@engineer-chat/chat/shared'
import type { FoundIndicator, RoomIndicator } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { extractIndicators } from '../follow-rooms.ts'
import { createHarness, type TestCaller } from '../harness.ts'
import { checkProblem } from '../problems.ts'

async function setUp(t: Test) {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [alice, bob] = [await harness.signUp('alice'), await harness.signUp('bob')]
  const [captain, admin] = [await harness.signUp('captain', 'agent'), await harness.signUp('root', 'admin')]
  const openEvent = await harness.createEvent(alice, { event_name: 'Open' })
  const restrictedEvent = await harness.createEvent(alice, { event_name: 'Restricted', access: 'restricted' })
  const postMessage = (caller: TestCaller, event_id: string, message: string) =>
    caller.call('POST', `/api/events/${event_id}/messages`, { message })
  const list = async (caller: TestCaller, event_id: string, query = ''): Promise<RoomIndicator[]> =>
    (await caller.call('GET', `/api/events/${event_id}/indicators${query}`)).json().items
  const search = async (caller: TestCaller, q: string): Promise<FoundIndicator[]> =>
    (await caller.call('GET', `/api/indicators?q=${encodeURIComponent(q)}`)).json().items
  return { harness, alice, bob, captain, admin, openEvent, restrictedEvent, postMessage, list, search }
}

/**
 * Stores a URL in an open room, one address in both the open and a restricted room, and another address in a private
 * question of Alice. Then it extracts the indicators of these messages.
 */
async function setUpRooms(t: Test) {
  const setup = await setUp(t)
  const { harness, alice, openEvent, restrictedEvent, postMessage } = setup
  await postMessage(alice, openEvent, 'Beacon to hxxps://evil[.]example/a from 198.51.100[.]7')
  await postMessage(alice, restrictedEvent, '198.51.100.7 again')
  await alice.call('POST', '/api/engineer-chat/send', { event_id: openEvent, message: 'Is 192.0.2.9 ours?' })
  await extractIndicators(harness.stores)
  return setup
}

const compareTypes = (first: RoomIndicator, second: RoomIndicator) => first.type.localeCompare(second.type)

t.test('[INDICATOR7] the indicators of a room are listed in their normal form, not defanged', async (t) => {
  const { bob, openEvent, list } = await setUpRooms(t)
  const listed = await list(bob, openEvent)
  t.equal(listed.length, 2)
  t.match(listed.toSorted(compareTypes), [
    { type: 'ipv4', value: '198.51.100.7', count: 1, events: 1 },
    { type: 'url', value: 'https://evil.example/a', count: 1, events: 1 },
  ])
  const listValues = async (query: string) => (await list(bob, openEvent, query)).map(({ value }) => value)
  t.same(await listValues('?type=url'), ['https://evil.example/a'])
  t.same(await listValues('?q=198.51.100%5B.%5D'), ['198.51.100.7'])
  t.same(await listValues('?value=198.51.100.7'), ['198.51.100.7'])
  checkProblem(t, await bob.call('GET', `/api/events/${openEvent}/indicators?type=word`), 400, 'validation_failed')
})

t.test('[INDICATOR8] counts and results contain only what the reader may read', async (t) => {
  const { alice, bob, captain, admin, openEvent, restrictedEvent, list, search } = await setUpRooms(t)
  const readResults = async (caller: TestCaller) => ({
    events: (await list(caller, openEvent, '?value=198.51.100.7'))[0]?.events,
    found: (await search(caller, '198.51.100[.]7')).map(({ event_name }) => event_name).sort(),
    private: [(await list(caller, openEvent, '?value=192.0.2.9')).length, (await search(caller, '192.0.2.9')).length],
  })
  // Admins and agents may enter each event. The private question is Alice’s.
  t.same(await readResults(alice), { events: 2, found: ['Open', 'Restricted'], private: [1, 1] })
  t.same(await readResults(bob), { events: 1, found: ['Open'], private: [0, 0] })
  t.same(await readResults(captain), { events: 2, found: ['Open', 'Restricted'], private: [0, 0] })
  t.same(await readResults(admin), { events: 2, found: ['Open', 'Restricted'], private: [0, 0] })
  checkProblem(t, await bob.call('GET', `/api/events/${restrictedEvent}/indicators`), 404, 'event_not_found')
})

t.test('[INDICATOR8] indicators in an event’s report are counted for, and found by, users who may enter', async (t) => {
  const { harness, alice, bob, captain, admin, list, search } = await setUp(t)
  const report = { message: 'Beacon to 198.51.100[.]23' }
  const openEvent = await harness.createEvent(alice, { event_name: 'Reported', ...report })
  const restrictedEvent = await harness.createEvent(alice, { event_name: 'Withheld', access: 'restricted', ...report })
  await extractIndicators(harness.stores)
  const readResults = async (caller: TestCaller) => ({
    listed: (await list(caller, openEvent)).map(({ value, count, events }) => [value, count, events]),
    found: (await search(caller, '198.51.100.23')).map(({ event_name }) => event_name).sort(),
  })
  const everything = { listed: [['198.51.100.23', 1, 2]], found: ['Reported', 'Withheld'] }
  for (const caller of [alice, captain, admin]) t.same(await readResults(caller), everything)
  t.same(await readResults(bob), { listed: [['198.51.100.23', 1, 1]], found: ['Reported'] })
  checkProblem(t, await bob.call('GET', `/api/events/${restrictedEvent}/indicators`), 404, 'event_not_found')
})

t.test(
  '[INDICATOR9] if a search shows an admin a result of a restricted event, the audit records the view',
  async (t) => {
    const { harness, admin, restrictedEvent, search } = await setUpRooms(t)
    const entries: AuditEntry[] = []
    const { write } = harness.stores.audit
    harness.stores.audit.write = async (written) => {
      entries.push(...written)
      return write(written)
    }
    await search(admin, '198.51.100.7')
    t.match(entries, [{ action: 'admin_view', event_id: restrictedEvent }])
    await search(admin, 'evil.example')
    t.equal(entries.length, 1, 'open events add no entry')
  },
)

t.test('[INDICATOR9] a search needs at least two characters, and ignores case', async (t) => {
  const { bob, search } = await setUpRooms(t)
  checkProblem(t, await bob.call('GET', '/api/indicators?q=1'), 400, 'validation_failed')
  checkProblem(t, await bob.call('GET', '/api/indicators'), 400, 'validation_failed')
  t.same(
    (await search(bob, 'EVIL.')).map(({ value }) => value),
    ['https://evil.example/a'],
  )
})
