import type { Test } from 'tap'
import { resetRooms } from '../../../src/rooms/follow-rooms.ts'
import { toValueHash } from '../../../src/rooms/indicators/indicator-rules.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Principal } from '../../../src/shared/principal.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  anEvent,
  answerReply,
  aPlace,
  aQuestion,
  aUser,
  type Harness,
  type MakeHarness,
  type Place,
  postMessage,
  runSuite,
} from '../harness.ts'
import { createEngineer, indexIndicators, listValues, toReader } from './indicator-reads.ts'
import { proveIndicatorReports } from './indicator-reports.ts'

export const indicatorsContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'indicators', make, proveFollowing, proveIndicatorReports, proveLists, proveRights, proveSearch)

function proveFollowing(t: Test, { stores }: Harness): void {
  const { indicators } = stores

  t.test('[INDICATOR5] a room is behind until its changes are read, batch after batch', async (t) => {
    const place = await aPlace(stores)
    for (const host of ['a', 'b', 'c']) await postMessage(stores, place, 'all', `${host}.evil.example`)
    t.ok((await indicators.listRoomsBehind(1_000)).includes(place.event_id))

    const batches = await indexIndicators(stores, place.event_id, 2)

    t.equal(batches, 2)
    t.notOk((await indicators.listRoomsBehind(1_000)).includes(place.event_id))
    t.same(await listValues(stores, createEngineer(place.other), place.event_id), [
      'c.evil.example 1 1',
      'b.evil.example 1 1',
      'a.evil.example 1 1',
    ])
  })

  t.test('[INDICATOR5] a change of the event is read, too, and has no indicators', async (t) => {
    const place = await aPlace(stores)
    await stores.events.update(place.event_id, { severity: 'low' }, createEngineer(place.owner))
    await indexIndicators(stores, place.event_id)
    t.notOk((await indicators.listRoomsBehind(1_000)).includes(place.event_id))
  })

  t.test('[INDICATOR5] several workers at the same time store each message once', async (t) => {
    const place = await aPlace(stores)
    for (let n = 0; n < 6; n++) await postMessage(stores, place, 'all', '198.51.100.13')
    await Promise.all(Array.from({ length: 4 }, () => indexIndicators(stores, place.event_id, 2)))
    t.same(await listValues(stores, createEngineer(place.other), place.event_id), ['198.51.100.13 6 1'])
  })

  t.test('[INDICATOR6] an answer that changes in place replaces its indicators', async (t) => {
    const place = await aPlace(stores)
    const { reply } = await stores.messages.ask(aQuestion(place, { visibility: 'room' }))
    await answerReply(stores, reply.message.message_id, { content: 'Block old.example.' })
    await indexIndicators(stores, place.event_id)
    await stores.messages.retry(place.owner, reply.message.message_id, () => ({ tokens: 0, micros: 0 }))
    await indexIndicators(stores, place.event_id)
    t.same(await listValues(stores, createEngineer(place.other), place.event_id), [])

    await answerReply(stores, reply.message.message_id, { content: 'Block new.example.' })
    await indexIndicators(stores, place.event_id)

    t.same(await listValues(stores, createEngineer(place.other), place.event_id), ['new.example 1 1'])
  })

  t.test('[INDICATOR10] a room that is reset is read again from its beginning', async (t) => {
    const place = await aPlace(stores)
    await postMessage(stores, place, 'all', '198.51.100.15')
    await indexIndicators(stores, place.event_id)

    await indicators.reset(place.event_id)

    t.same(await listValues(stores, createEngineer(place.other), place.event_id), [])
    t.ok((await indicators.listRoomsBehind(1_000)).includes(place.event_id))
    await indexIndicators(stores, place.event_id)
    t.same(await listValues(stores, createEngineer(place.other), place.event_id), ['198.51.100.15 1 1'])
  })

  t.test('[INDICATOR10] a room that does not exist is not reset, and is not followed afterwards', async (t) => {
    const { event_id } = await aPlace(stores)
    const unknown = createId()
    t.same([await resetRooms(indicators, event_id), await resetRooms(indicators, unknown)], [1, 0])
    const followed = await indicators.listFollowedRooms({ after: '', limit: 1_000 })
    t.same([followed.includes(event_id), followed.includes(unknown)], [true, false])
  })
}

function proveLists(t: Test, { stores }: Harness): void {
  const { indicators } = stores

  t.test('[INDICATOR7] a list has types, counts of messages and times, and continues at its cursor', async (t) => {
    const place = await aPlace(stores)
    const reader = toReader(createEngineer(place.other))
    const { row: first } = await postMessage(stores, place, 'all', '198.51.100.16 and 198.51.100.16 and CVE-2024-3094')
    const { row: last } = await postMessage(stores, place, 'all', '198.51.100[.]16')
    await indexIndicators(stores, place.event_id)

    const page = await indicators.list(reader, place.event_id, { limit: 1 })

    const times = { first_at: first.message.created_at, last_at: last.message.created_at }
    t.same(page.items, [{ type: 'ipv4', value: '198.51.100.16', count: 2, events: 1, ...times }])
    const nextPage = await indicators.list(reader, place.event_id, { limit: 1, cursor: page.next_cursor ?? '' })
    t.match(nextPage, { items: [{ type: 'cve', value: 'CVE-2024-3094', count: 1 }], next_cursor: null })
    t.same(await indicators.list(reader, place.event_id, { limit: 1, cursor: 'else' }).then(({ items }) => items), [])
  })

  t.test('[INDICATOR7] a list is limited to a type, a value or a part of it', async (t) => {
    const place = await aPlace(stores)
    await postMessage(stores, place, 'all', '198.51.100.17, a_b.evil.example, axb.evil.example')
    await indexIndicators(stores, place.event_id)
    const list = async (query: object) =>
      (await indicators.list(toReader(createEngineer(place.other)), place.event_id, { limit: 10, ...query })).items
        .map(({ value }) => value)
        .sort()
    t.same(await list({ type: 'ipv4' }), ['198.51.100.17'])
    t.same(await list({ value_hashes: [toValueHash('ipv4', '198.51.100.17')] }), ['198.51.100.17'])
    t.same(await list({ q: 'EVIL' }), ['a_b.evil.example', 'axb.evil.example'])
    t.same(await list({ q: 'a_b' }), ['a_b.evil.example'], 'a wildcard is a character')
  })
}

/** Creates an event that only `member` and admins may enter, and an open event with the same indicators. */
async function createTwoEvents(
  stores: Stores,
  text: string,
): Promise<{ open: Place; restricted: Place; member: string }> {
  const open = await aPlace(stores)
  const member = await aUser(stores)
  const { event_id } = await anEvent(stores, { access: 'restricted', created_by: member })
  const restricted = { ...open, event_id }
  for (const place of [open, restricted]) {
    await postMessage(stores, place, 'all', text)
    await indexIndicators(stores, place.event_id)
  }
  return { open, restricted, member }
}

function proveRights(t: Test, { stores }: Harness): void {
  t.test('[INDICATOR8] `events` counts the events that the caller may enter', async (t) => {
    const { open, member } = await createTwoEvents(stores, '203.0.113.4')
    const count = (caller: Principal) => listValues(stores, caller, open.event_id)
    t.same(await count(createEngineer(open.other)), ['203.0.113.4 1 1'])
    t.same(await count(createEngineer(member)), ['203.0.113.4 1 2'])
    t.same(await count({ user_id: open.other, role: 'admin' }), ['203.0.113.4 1 2'])
    t.same(await count({ user_id: open.other, role: 'agent' }), ['203.0.113.4 1 2'])
  })

  t.test('[INDICATOR8] a private session’s indicators are its owner’s until it is shared', async (t) => {
    const place = await aPlace(stores)
    const [owner, other] = [createEngineer(place.owner), createEngineer(place.other)]
    const agent: Principal = { user_id: place.other, role: 'agent' }
    const asked = await stores.messages.ask(aQuestion(place, { text: 'Is private.example bad?' }))
    await answerReply(stores, asked.reply.message.message_id, { content: 'Yes, private.example is.' })
    await indexIndicators(stores, place.event_id)
    t.same(await listValues(stores, owner, place.event_id), ['private.example 2 1'])
    t.same(await listValues(stores, other, place.event_id), [])

    await stores.messages.share(place.owner, asked.session_id)
    await indexIndicators(stores, place.event_id)

    t.same(await listValues(stores, other, place.event_id), ['private.example 2 1'])
    t.same(await listValues(stores, agent, place.event_id), [], 'an agent sees no chat')
  })
}

function proveSearch(t: Test, { stores }: Harness): void {
  const { indicators } = stores

  t.test('[INDICATOR9] a search finds the rooms that hold a value or its host, and no others', async (t) => {
    const { open, restricted, member } = await createTwoEvents(
      stores,
      'see https://drop.example/x and mail@drop.example',
    )
    const search = async (caller: Principal, beginnings: string[]) => {
      const { items } = await indicators.search(toReader(caller), { beginnings, limit: 10 })
      return items.map(({ event_id, value, count }) => `${event_id} ${value} ${count}`).sort()
    }
    const inOpen = [`${open.event_id} https://drop.example/x 1`, `${open.event_id} mail@drop.example 1`]
    const inRestricted = inOpen.map((text) => text.replace(open.event_id, restricted.event_id))
    t.same(await search(createEngineer(open.other), ['drop.ex']), inOpen)
    t.same(await search(createEngineer(member), ['drop.ex']), [...inOpen, ...inRestricted].sort())
    t.same(await search(createEngineer(open.other), ['mail@']), inOpen.slice(1))
    t.same(await search(createEngineer(open.other), ['rop.example', '%drop']), [])
  })

  t.test('[INDICATOR9] a search continues at its cursor', async (t) => {
    const { open, restricted, member } = await createTwoEvents(stores, 'next.example')
    const reader = toReader(createEngineer(member))
    const query = { beginnings: ['next.'], limit: 1 }
    const first = await indicators.search(reader, query)
    const second = await indicators.search(reader, { ...query, cursor: first.next_cursor ?? '' })
    const found = [...first.items, ...second.items].map(({ event_id }) => event_id)
    t.same([found.sort(), second.next_cursor], [[open.event_id, restricted.event_id].sort(), null])
    t.same((await indicators.search(reader, { ...query, cursor: 'else' })).items, [])
  })
}
