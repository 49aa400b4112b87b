import type { RoomIndicator } from '@engineer-chat/protocol'
import t from 'tap'
import { startFakePage } from '../testing/fake-page.ts'

const page = startFakePage()
const { forgetIndicatorList, loadIndicatorList, loadMoreIndicators, useLoadedList } = await import(
  '../src/state/indicators/indicator-list.ts'
)

const DOMAINS = { type: 'domain' } as const
const FIRST_PAGE = { limit: '100', cursor: undefined }

const createIndicator = (number: number, count = 1): RoomIndicator => ({
  type: 'domain',
  value: `n${number}.example`,
  count,
  events: 1,
  first_at: '2026-03-01T10:00:00.000Z',
  last_at: '2026-03-01T10:00:00.000Z',
})
const createIndicators = (first: number, end: number) =>
  Array.from({ length: end - first }, (_, index) => createIndicator(first + index))
const toPage = (first: number, end: number, next_cursor: string | null) => ({
  items: createIndicators(first, end),
  next_cursor,
})
const countItems = () => useLoadedList.getState().items?.length

/** Loads the indicators from number 0 on, page by page. */
async function loadPages(count: number, nextCursor: string | null): Promise<void> {
  await page.runWithResponse(() => loadIndicatorList('e', {}), toPage(0, 100, count > 100 ? 'after 100' : nextCursor))
  for (let first = 100; first < count; first += 100) {
    const end = Math.min(first + 100, count)
    const cursor = end < count ? `after ${end}` : nextCursor
    await page.runWithResponse(() => loadMoreIndicators('e', {}), toPage(first, end, cursor))
  }
}

t.afterEach(forgetIndicatorList)

t.test('[ROOM95] a new message keeps the older indicators that the reader has loaded', async (t) => {
  await loadPages(150, null)
  t.same(useLoadedList.getState().items, createIndicators(0, 150))

  const load = loadIndicatorList('e', {})
  const request = await page.takeRequest()
  t.match(request.query, { limit: '150', cursor: undefined })
  const movedItem = createIndicator(120, 2)
  const newItem = createIndicator(999)
  await request.respond({
    items: [newItem, movedItem, ...createIndicators(0, 120), ...createIndicators(121, 149)],
    next_cursor: 'x',
  })
  await load
  t.same(useLoadedList.getState().items, [
    newItem,
    movedItem,
    ...createIndicators(0, 120),
    ...createIndicators(121, 150),
  ])
  t.equal(useLoadedList.getState().nextCursor, null)
})

t.test('[ROOM95] an older page that arrives after the filter has changed is not listed', async (t) => {
  await loadPages(100, 'after 100')
  const more = loadMoreIndicators('e', {})
  const moreRequest = await page.takeRequest()
  const load = loadIndicatorList('e', DOMAINS)
  const request = await page.takeRequest()
  t.match(request.query, { ...FIRST_PAGE, type: 'domain' })
  await moreRequest.respond(toPage(100, 200, null))
  t.equal(countItems(), 100, 'the list of before stays')
  await request.respond(toPage(0, 3, null))
  await Promise.all([more, load])
  t.equal(countItems(), 3)
})

t.test('[ROOM95] while the list of a new filter loads, more of it begins with its first page', async (t) => {
  await loadPages(100, 'after 100')
  const more = loadMoreIndicators('e', DOMAINS)
  const request = await page.takeRequest()
  t.match(request.query, { ...FIRST_PAGE, type: 'domain' })
  await request.respond(toPage(0, 2, null))
  await more
  t.equal(countItems(), 2)
})

t.test('[ROOM95] a new message during the load of an older page loses no row', async (t) => {
  for (const arrivesFirst of ['older page', 'first page']) {
    await loadPages(100, 'after 100')
    const more = loadMoreIndicators('e', {})
    const moreRequest = await page.takeRequest()
    t.match(moreRequest.query, { limit: '100', cursor: 'after 100' })
    const load = loadIndicatorList('e', {})
    const request = await page.takeRequest()
    const respond = () =>
      request.respond({ items: [createIndicator(999), ...createIndicators(0, 99)], next_cursor: 'x' })
    if (arrivesFirst === 'first page') await respond()
    await moreRequest.respond(toPage(100, 150, null))
    if (arrivesFirst === 'older page') await respond()
    await Promise.all([more, load])
    t.same(useLoadedList.getState().items, [createIndicator(999), ...createIndicators(0, 150)], arrivesFirst)
    forgetIndicatorList()
  }
})

t.test('[ROOM95] a long list is loaded again by one request, and its later rows stay', async (t) => {
  await loadPages(700, 'after 700')
  const load = loadIndicatorList('e', {})
  const request = await page.takeRequest()
  t.match(request.query, { limit: '500', cursor: undefined })
  await request.respond({ items: [createIndicator(999), ...createIndicators(0, 499)], next_cursor: 'x' })
  await load
  t.equal(countItems(), 701)
  t.equal(useLoadedList.getState().nextCursor, 'after 700')
})

t.test('[ROOM95] rows that may come after a gap are not kept', async (t) => {
  await loadPages(200, 'after 200')
  const items = [...createIndicators(1_000, 1_199), createIndicator(90, 2)]
  await page.runWithResponse(() => loadIndicatorList('e', {}), { items, next_cursor: 'after 90' })
  t.same(useLoadedList.getState().items, items)
  t.equal(useLoadedList.getState().nextCursor, 'after 90')
})

t.test('[ROOM95] a double click adds one page', async (t) => {
  await loadPages(100, 'after 100')
  const loads = [loadMoreIndicators('e', {}), loadMoreIndicators('e', {})]
  for (const request of [await page.takeRequest(), await page.takeRequest()]) {
    t.match(request.query, { cursor: 'after 100' })
    await request.respond(toPage(100, 200, 'after 200'))
  }
  await Promise.all(loads)
  t.equal(countItems(), 200)
  t.equal(useLoadedList.getState().nextCursor, 'after 200')
})

t.test('[ROOM95] after the reader has left the list, no response fills it', async (t) => {
  const load = loadIndicatorList('e', {})
  const request = await page.takeRequest()
  forgetIndicatorList()
  await request.respond(toPage(0, 1, null))
  await load
  t.equal(countItems(), undefined)
})
