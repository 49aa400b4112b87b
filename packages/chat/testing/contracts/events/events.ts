import type { EventFilter } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import type { Principal } from '../../../src/shared/principal.ts'
import { anEvent, aUser, type Harness, type MakeHarness, runSuite } from '../harness.ts'
import { AGENT, PERSON, proveEventChanges } from './event-changes.ts'
import { proveLastCommander, proveMemberLists } from './members.ts'

export const eventStoreContract = (t: Test, make: MakeHarness) =>
  runSuite(
    t,
    'events',
    make,
    proveEventWrites,
    proveEventChanges,
    proveEventLists,
    proveFiltersAndGuards,
    proveSummaries,
    proveMemberLists,
    proveLastCommander,
  )

function proveEventWrites(t: Test, { stores }: Harness): void {
  const { events } = stores

  t.test('[EVENT1] a new event is pending, and a second event with its id is refused', async (t) => {
    const event = await anEvent(stores)
    t.match(event, { event_status: 'pending', seq: 0, summary_version: null, access: 'open', context: 'VPN' })
    t.same(await events.find(event.event_id), event)
    await t.rejects(anEvent(stores, { event_id: event.event_id }), { code: 'event_exists' })
    t.ok(await anEvent(stores, { event_id: event.event_id.toUpperCase() }), 'ids compare byte by byte')
    t.equal(await events.find(createId()), undefined)
  })

  t.test('[EVENT2] a person who creates an event becomes its commander, an agent does not', async (t) => {
    for (const role of ['engineer', 'admin'] as const) {
      const created_by = await aUser(stores, role)
      const { event_id } = await anEvent(stores, { created_by, access: 'restricted' })
      const { items } = await events.listMembers(event_id, { limit: 5 })
      t.same(
        items.map((member) => [member.user_id, member.role]),
        [[created_by, 'commander']],
      )
    }
    const eventOfAgent = await anEvent(stores, { created_by: await aUser(stores, 'agent') })
    t.same((await events.listMembers(eventOfAgent.event_id, { limit: 5 })).items, [])
  })

  t.test('[EVENT4] a status that an agent sets for its round takes one sequence number', async (t) => {
    const { event_id } = await anEvent(stores)
    const { event, change } = await events.update(event_id, { event_status: 'processing' }, AGENT)
    t.match(event, { event_status: 'processing', event_name: 'Strange logins', seq: 1 })
    t.match(change, { event_id, first_seq: 1, seq: 1, event })
    t.same(change?.rows, [], 'the number belongs to the event and not to a row')
    t.same(await events.find(event_id), event)
    await t.rejects(events.update(createId(), { severity: 'low' }, AGENT), { code: 'event_not_found' })
  })
}

function proveEventLists(t: Test, { stores }: Harness): void {
  const { events } = stores

  t.test('[EVENT3] a list has only events that the caller may enter', async (t) => {
    const [owner, outsider, agent, admin] = await Promise.all([
      aUser(stores),
      aUser(stores),
      aUser(stores, 'agent'),
      aUser(stores, 'admin'),
    ])
    const open = (await anEvent(stores)).event_id
    const restricted = (await anEvent(stores, { access: 'restricted', created_by: owner })).event_id
    const listShown = async (caller: Principal) => {
      const { items } = await events.list(caller, { limit: 100 })
      return items
        .map((event) => event.event_id)
        .filter((id) => id === open || id === restricted)
        .toSorted()
    }
    const both = [open, restricted].toSorted()
    t.same(await listShown({ user_id: owner, role: 'engineer' }), both)
    t.same(await listShown({ user_id: outsider, role: 'engineer' }), [open])
    t.same(await listShown({ user_id: agent, role: 'agent' }), both)
    t.same(await listShown({ user_id: admin, role: 'admin' }), both)
    const afterHidden = await events.list({ user_id: outsider, role: 'engineer' }, { limit: 5, cursor: restricted })
    t.same(afterHidden.items, [], 'a hidden event is an unknown cursor')
  })

  t.test('[EVENT3] events are listed the newest first, page by page', async (t) => {
    const caller = { user_id: await aUser(stores), role: 'engineer' } as const
    for (let index = 0; index < 5; index += 1) await anEvent(stores)
    const all = (await events.list(caller, { limit: 100 })).items
    const times = all.map((event) => event.created_at)
    t.same(times, times.toSorted().reverse())
    const eventsOfPages = []
    let cursor: string | null | undefined
    while (cursor !== null) {
      const page = await events.list(caller, cursor === undefined ? { limit: 2 } : { limit: 2, cursor })
      eventsOfPages.push(...page.items)
      cursor = page.next_cursor
    }
    t.same(eventsOfPages, all)
    t.same(
      (await events.list(caller, { limit: 2, cursor: createId() })).items,
      [],
      'no event follows an unknown cursor',
    )
  })
}

function proveFiltersAndGuards(t: Test, { stores }: Harness): void {
  const { events } = stores

  t.test('[EVENT9] a filtered list has the events that match every field of the filter', async (t) => {
    const caller = { user_id: await aUser(stores), role: 'engineer' } as const
    const redHigh = await anEvent(stores, { tlp: 'red' })
    const redLow = await anEvent(stores, { tlp: 'red', severity: 'low' })
    await anEvent(stores, { severity: 'low' })
    const list = async (filter: EventFilter) => (await events.list(caller, { limit: 2, ...filter })).items
    t.same(await list({ tlp: 'red', severity: 'low' }), [redLow])
    t.same(
      (await list({ tlp: 'red' })).map(({ event_id }) => event_id).toSorted(),
      [redHigh.event_id, redLow.event_id].toSorted(),
    )
    t.same(await list({ tlp: 'red', event_status: 'closed' }), [])
  })

  t.test('[EVENT10] a guarded change is refused if the event’s TLP label is not in the guard’s list', async (t) => {
    const { event_id } = await anEvent(stores, { tlp: 'amber+strict' })
    await t.rejects(events.update(event_id, { tlp: 'green' }, PERSON, { allowedOldLabels: ['clear', 'green'] }), {
      code: 'forbidden',
    })
    t.match(await events.find(event_id), { tlp: 'amber+strict', seq: 0 }, 'no sequence number is taken')
    const { event } = await events.update(event_id, { tlp: 'red' }, PERSON, {
      allowedOldLabels: ['amber', 'amber+strict', 'red'],
    })
    t.match(event, { tlp: 'red', seq: 2 })
    await t.rejects(events.update(createId(), { tlp: 'red' }, PERSON, { allowedOldLabels: ['red'] }), {
      code: 'event_not_found',
    })
  })
}

function proveSummaries(t: Test, { stores }: Harness): void {
  const { events } = stores

  t.test('[EVENT5] the summary added last is the current one', async (t) => {
    const { event_id } = await anEvent(stores)
    const beforeFirst = await events.findCurrentSummary(event_id)

    const first = await events.addSummary(event_id, { round_id: 1, event_summary: 'One.' })
    const second = await events.addSummary(event_id, { round_id: 1, event_summary: 'Two.', event_suggestion: 'Go.' })

    t.equal(beforeFirst, undefined)
    t.match(first.summary, { round_id: 1, event_summary: 'One.', event_suggestion: '' })
    t.not(first.summary.version, second.summary.version)
    t.same(await events.findCurrentSummary(event_id), second.summary)
    t.match(await events.find(event_id), { summary_version: second.summary.version })
  })

  t.test('[EVENT5] a summary takes one sequence number of its room', async (t) => {
    const { event_id } = await anEvent(stores)
    await events.addSummary(event_id, { round_id: 1, event_summary: 'One.' })
    const { summary, change } = await events.addSummary(event_id, { round_id: 1, event_summary: 'Two.' })
    t.match(change, { first_seq: 2, seq: 2, event: { summary_version: summary.version, seq: 2 } })
  })

  t.test('[EVENT5] summaries are listed the newest first, page by page', async (t) => {
    const { event_id } = await anEvent(stores)
    const first = await events.addSummary(event_id, { round_id: 1, event_summary: 'One.' })
    const second = await events.addSummary(event_id, { round_id: 1, event_summary: 'Two.' })

    const firstPage = await events.listSummaries(event_id, { limit: 1 })
    const lastPage = await events.listSummaries(event_id, { limit: 1, cursor: firstPage.next_cursor ?? '' })

    t.same(firstPage.items, [second.summary])
    t.same(lastPage, { items: [first.summary], next_cursor: null })
  })

  t.test('[EVENT5] a summary of an event that does not exist is refused', async (t) => {
    const summary = { round_id: 1, event_summary: 'x' }
    await t.rejects(events.addSummary(createId(), summary), { code: 'event_not_found' })
  })
}
