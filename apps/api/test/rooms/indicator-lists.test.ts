import { followRooms, INDICATOR_RULES } from '@engineer-chat/chat/rooms'
import type { AuditEntry } from '@engineer-chat/chat/shared'
import type { FoundIndicator, RoomIndicator } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createHarness, type TestCaller } from '../harness.ts'
import { isProblem } from '../problems.ts'

async function setUp(t: Test) {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [alice, bob] = [await harness.signUp('alice'), await harness.signUp('bob')]
  const [captain, admin] = [await harness.signUp('captain', 'agent'), await harness.signUp('root', 'admin')]
  const open = await harness.createEvent(alice, { event_name: 'Open' })
  const closed = await harness.createEvent(alice, { event_name: 'Closed', access: 'restricted' })
  const postMessage = (by: TestCaller, event_id: string, message: string) =>
    by.call('POST', `/api/events/${event_id}/messages`, { message })
  const follow = () => followRooms(harness.stores.indicators, INDICATOR_RULES, { maxRooms: 10, maxMessages: 100 })
  const list = async (by: TestCaller, event_id: string, query = ''): Promise<RoomIndicator[]> =>
    (await by.call('GET', `/api/events/${event_id}/indicators${query}`)).json().items
  const search = async (by: TestCaller, q: string): Promise<FoundIndicator[]> =>
    (await by.call('GET', `/api/indicators?q=${encodeURIComponent(q)}`)).json().items
  return { harness, alice, bob, captain, admin, open, closed, postMessage, follow, list, search }
}

/** One indicator in an open room, in a restricted one, and in a private question of Alice's. */
async function setUpRooms(t: Test) {
  const house = await setUp(t)
  const { alice, open, closed, postMessage, follow } = house
  await postMessage(alice, open, 'Beacon to hxxps://evil[.]example/a from 198.51.100[.]7')
  await postMessage(alice, closed, '198.51.100.7 again')
  await alice.call('POST', '/api/engineer-chat/send', { event_id: open, message: 'Is 192.0.2.9 ours?' })
  await follow()
  return house
}

const compareTypes = (one: RoomIndicator, other: RoomIndicator) => one.type.localeCompare(other.type)

t.test('[INDICATOR7] a room lists its indicators, live and normalised', async (t) => {
  const { bob, open, list } = await setUpRooms(t)
  const listed = await list(bob, open)
  t.match(listed.toSorted(compareTypes), [
    { type: 'ipv4', value: '198.51.100.7', count: 1, events: 1 },
    { type: 'url', value: 'https://evil.example/a', count: 1, events: 1 },
  ])
  t.match(await list(bob, open, '?type=url'), [{ type: 'url' }])
  t.match(await list(bob, open, '?q=198.51.100%5B.%5D'), [{ value: '198.51.100.7' }])
  t.match(await list(bob, open, '?value=198.51.100.7'), [{ value: '198.51.100.7' }])
  isProblem(t, await bob.call('GET', `/api/events/${open}/indicators?type=word`), 400, 'validation_failed')
})

t.test('[INDICATOR8] counts and results of each reader have only what they may read', async (t) => {
  const { alice, bob, captain, admin, open, closed, list, search } = await setUpRooms(t)
  const who = { alice, bob, captain, admin }
  const readSeen = async (by: TestCaller) => ({
    events: (await list(by, open, '?value=198.51.100.7'))[0]?.events,
    found: (await search(by, '198.51.100[.]7')).map(({ event_name }) => event_name).sort(),
    private: [(await list(by, open, '?value=192.0.2.9')).length, (await search(by, '192.0.2.9')).length],
  })
  t.same(await readSeen(who.alice), { events: 2, found: ['Closed', 'Open'], private: [1, 1] })
  t.same(await readSeen(who.bob), { events: 1, found: ['Open'], private: [0, 0] })
  t.same(await readSeen(who.captain), { events: 2, found: ['Closed', 'Open'], private: [0, 0] })
  t.same(await readSeen(who.admin), { events: 2, found: ['Closed', 'Open'], private: [0, 0] })
  isProblem(t, await bob.call('GET', `/api/events/${closed}/indicators`), 404, 'event_not_found')
})

t.test('[INDICATOR8] an event’s report is counted and found by those who may enter', async (t) => {
  const { harness, alice, bob, captain, admin, follow, list, search } = await setUp(t)
  const report = { message: 'Beacon to 198.51.100[.]23' }
  const open = await harness.createEvent(alice, { event_name: 'Reported', ...report })
  const closed = await harness.createEvent(alice, { event_name: 'Withheld', access: 'restricted', ...report })
  await follow()
  const readSeen = async (by: TestCaller) => ({
    listed: (await list(by, open)).map(({ value, count, events }) => [value, count, events]),
    found: (await search(by, '198.51.100.23')).map(({ event_name }) => event_name).sort(),
  })
  const everything = { listed: [['198.51.100.23', 1, 2]], found: ['Reported', 'Withheld'] }
  for (const by of [alice, captain, admin]) t.same(await readSeen(by), everything)
  t.same(await readSeen(bob), { listed: [['198.51.100.23', 1, 1]], found: ['Reported'] })
  isProblem(t, await bob.call('GET', `/api/events/${closed}/indicators`), 404, 'event_not_found')
})

t.test('[INDICATOR9] a result in a restricted event is audited for an admin', async (t) => {
  const { harness, admin, closed, search } = await setUpRooms(t)
  const entries: AuditEntry[] = []
  const { write } = harness.stores.audit
  harness.stores.audit.write = async (written) => {
    entries.push(...written)
    return write(written)
  }
  await search(admin, '198.51.100.7')
  t.match(entries, [{ action: 'admin_view', event_id: closed }])
  await search(admin, 'evil.example')
  t.equal(entries.length, 1, 'and none for open events')
})

t.test('[INDICATOR9] a search begins with at least two characters', async (t) => {
  const { bob, search } = await setUpRooms(t)
  isProblem(t, await bob.call('GET', '/api/indicators?q=1'), 400, 'validation_failed')
  isProblem(t, await bob.call('GET', '/api/indicators'), 400, 'validation_failed')
  t.match(await search(bob, 'EVIL.'), [{ value: 'https://evil.example/a' }])
})
