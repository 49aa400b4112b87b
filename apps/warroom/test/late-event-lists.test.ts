import type { InboxItem, ListedEvent } from '@engineer-chat/protocol'
import t from 'tap'
import { startFakePage } from '../testing/fake-page.ts'

const page = startFakePage()
const { filterEvents, loadEvents, loadMoreEvents, refreshEvents, replaceListedEvent, useEvents } = await import(
  '../src/state/events/events.ts'
)
const { applyInboxFrame } = await import('../src/state/events/inbox.ts')
const { loadFlagged, loadMoreFlagged, useFlagged } = await import('../src/state/admin/flagged.ts')

const COUNTS = { mentions: 0, muted: false, read_position: null, last_activity_at: '2026-03-01T10:00:00.000Z' }
const createEvent = (event_id: string): ListedEvent => ({
  event_id,
  event_name: event_id,
  message: '',
  context: '',
  severity: 'high',
  source: 'EDR',
  event_status: 'pending',
  access: 'open',
  tlp: 'amber',
  seq: 1,
  summary_version: null,
  created_by: 'somebody',
  created_at: '2026-03-01T10:00:00.000Z',
  updated_at: '2026-03-01T10:00:00.000Z',
  ...COUNTS,
  unread: 0,
})
const toPage = (ids: string[], next_cursor: string | null = null) => ({ items: ids.map(createEvent), next_cursor })
const createItem = (event_id: string, unread: number, fields: Partial<InboxItem> = {}): InboxItem => ({
  event_id,
  severity: 'high',
  event_status: 'pending',
  ...COUNTS,
  unread,
  ...fields,
})
const findListed = (event_id: string) => useEvents.getState().events.find((event) => event.event_id === event_id)
const listIds = () => useEvents.getState().events.map(({ event_id }) => event_id)
const toFrame = (events: InboxItem[], removed: string[] = []) => ({ type: 'inbox', events, removed }) as const

t.beforeEach(() => {
  useEvents.setState(useEvents.getInitialState())
  return page.runWithResponse(loadEvents, toPage(['e1', 'e2'], 'after e2'))
})

t.test('[ROOM108] while the list of another filter loads, the cursor of the earlier list is not used', async (t) => {
  filterEvents({ severity: 'low' })
  const listRequest = await page.takeRequest()
  t.equal(useEvents.getState().nextCursor, null, 'no button loads more')
  await listRequest.respond(toPage(['e9'], 'after e9'))
  const more = loadMoreEvents()
  const moreRequest = await page.takeRequest()
  t.match(moreRequest.query, { severity: 'low', cursor: 'after e9' })
  await moreRequest.respond(toPage(['e10']))
  await more
  t.same(listIds(), ['e9', 'e10'])
})

t.test('[ROOM108] a page that does not continue the list any more is not added', async (t) => {
  const more = loadMoreEvents()
  const moreRequest = await page.takeRequest()
  await page.runWithResponse(loadEvents, toPage(['e0', 'e1'], 'after e1'))
  await moreRequest.respond(toPage(['e3'], null))
  await more
  t.same(listIds(), ['e0', 'e1'], 'e2 would be missing before e3')
  t.equal(useEvents.getState().nextCursor, 'after e1')
})

t.test('[EVENT9] if the list of a filter could not be loaded, the next refresh loads it with its cursor', async (t) => {
  filterEvents({ severity: 'critical' })
  await (await page.takeRequest()).fail()
  await page.runWithResponse(refreshEvents, toPage(['e9'], 'after e9'))
  t.equal(useEvents.getState().nextCursor, 'after e9')
})

const LOADS = [
  ['a refresh', refreshEvents],
  ['a load', loadEvents],
] as const

for (const [name, load] of LOADS) {
  t.test(
    `[ROOM108] severity and status of a frame are not reverted by a list from before the frame: ${name}`,
    async (t) => {
      const loading = load()
      const request = await page.takeRequest()
      await applyInboxFrame(toFrame([createItem('e1', 3, { severity: 'critical', event_status: 'closed' })]))
      await request.respond({ items: [{ ...createEvent('e1'), event_name: 'renamed', seq: 2 }], next_cursor: null })
      await loading
      const frameFields = { severity: 'critical', event_status: 'closed', unread: 3 }
      t.match(findListed('e1'), { event_name: 'renamed', ...frameFields }, 'the list has the newer name')
    },
  )
}

t.test('[ROOM108] a list brings its severity and status if no frame has arrived since it was requested', async (t) => {
  await applyInboxFrame(toFrame([createItem('e1', 3, { severity: 'critical', event_status: 'closed' })]))
  await page.runWithResponse(refreshEvents, toPage(['e1']))
  t.match(findListed('e1'), { severity: 'high', event_status: 'pending', unread: 0 })
})

t.test('[ROOM108] a change that the page received after the request stays, with the counts of the list', async (t) => {
  const refresh = refreshEvents()
  const request = await page.takeRequest()
  replaceListedEvent({ ...createEvent('e1'), seq: 2, severity: 'low' })
  await request.respond({ items: [{ ...createEvent('e1'), unread: 4 }], next_cursor: null })
  await refresh
  t.match(findListed('e1'), { seq: 2, severity: 'low', unread: 4 })
})

t.test(
  '[ROOM108] a version of an event that the list already has does not revert the severity of a frame',
  async (t) => {
    await applyInboxFrame(toFrame([createItem('e1', 0, { severity: 'critical' })]))
    replaceListedEvent(createEvent('e1'))
    t.match(findListed('e1'), { severity: 'critical' })
    replaceListedEvent({ ...createEvent('e1'), seq: 2, severity: 'low' })
    t.match(findListed('e1'), { severity: 'low' })
  },
)

t.test(
  '[INBOX7] an event that the reader may no longer enter is not brought back by a list that was requested before',
  async (t) => {
    const refresh = refreshEvents()
    const refreshRequest = await page.takeRequest()
    await applyInboxFrame(toFrame([], ['e2']))
    await refreshRequest.respond(toPage(['e1', 'e2']))
    await refresh
    t.same(listIds(), ['e1'])
  },
)

t.test('[INBOX7] a refresh removes an event that the server no longer lists', async (t) => {
  await page.runWithResponse(refreshEvents, toPage(['e1']))
  t.same(listIds(), ['e1'])
})

t.test('[INBOX7] a refresh removes only events that come before the end of its page', async (t) => {
  const [older, newer] = ['2026-03-01T09:00:00.000Z', '2026-03-01T11:00:00.000Z']
  const items = [
    { ...createEvent('new'), created_at: newer },
    createEvent('e1'),
    { ...createEvent('old'), created_at: older },
  ]
  await page.runWithResponse(loadEvents, { items, next_cursor: null })
  await page.runWithResponse(refreshEvents, toPage(['e2'], 'after e2'))
  t.same(listIds(), ['e2', 'e1', 'old'], 'e1 was created at the same time as e2, so it may come after e2')
})

t.test('[INBOX7] a refresh keeps an event that arrives or changes after the request', async (t) => {
  const refresh = refreshEvents()
  const refreshRequest = await page.takeRequest()
  await page.runWithResponse(() => applyInboxFrame(toFrame([createItem('new', 1)])), createEvent('new'))
  await applyInboxFrame(toFrame([createItem('e1', 1)]))
  replaceListedEvent({ ...createEvent('e2'), seq: 2 })
  await refreshRequest.respond(toPage([]))
  await refresh
  t.same(listIds().toSorted(), ['e1', 'e2', 'new'])
})

t.test('[INBOX7] a refresh keeps an event that its filter excludes', async (t) => {
  filterEvents({ severity: 'high' })
  await (await page.takeRequest()).respond(toPage(['e1', 'e2']))
  await applyInboxFrame(toFrame([createItem('e2', 0, { severity: 'low' })]))
  await page.runWithResponse(refreshEvents, toPage(['e1']))
  t.same(listIds(), ['e1', 'e2'])
})

t.test('[ROOM38] an event that appears while a list loads is not lost with the response', async (t) => {
  const load = loadEvents()
  const listRequest = await page.takeRequest()
  await page.runWithResponse(() => applyInboxFrame(toFrame([createItem('new', 1)])), createEvent('new'))
  await listRequest.respond(toPage(['e1', 'e2']))
  await load
  t.same(listIds(), ['e1', 'e2', 'new'])
})

t.test('[ROOM71] counts that arrive while their event loads are kept', async (t) => {
  const firstFrame = applyInboxFrame(toFrame([createItem('new', 1)]))
  const request = await page.takeRequest()
  const secondFrame = applyInboxFrame(toFrame([createItem('new', 2)]))
  await request.respond(createEvent('new'))
  await Promise.all([firstFrame, secondFrame])
  t.match(useEvents.getState().events[0], { event_id: 'new', unread: 2 })
})

t.test('[ROOM108] an event that loads alone does not revert what arrived after a list had brought it', async (t) => {
  const firstFrame = applyInboxFrame(toFrame([createItem('new', 1)]))
  const request = await page.takeRequest()
  await page.runWithResponse(refreshEvents, toPage(['new', 'e1', 'e2']))
  await applyInboxFrame(toFrame([createItem('new', 2, { severity: 'critical' })]))
  await request.respond(createEvent('new'))
  await firstFrame
  t.match(findListed('new'), { unread: 2, severity: 'critical' })
  t.same(listIds().toSorted(), ['e1', 'e2', 'new'])
})

t.test(
  '[ROOM24] while flagged replies with another filter load, the cursor of the earlier list is not used',
  async (t) => {
    await page.runWithResponse(() => loadFlagged({ verdict: 'none' }), { items: [], next_cursor: 'old' })
    const load = loadFlagged({})
    const request = await page.takeRequest()
    await loadMoreFlagged()
    t.equal(useFlagged.getState().nextCursor, null)
    await request.respond({ items: [], next_cursor: 'new' })
    await load
    t.equal(useFlagged.getState().nextCursor, 'new')
  },
)
