import type { RoomIndicator } from '@engineer-chat/protocol'
import t from 'tap'
import { startFakePage } from '../testing/fake-page.ts'

const page = startFakePage()
const { forgetIndicatorList, loadIndicatorList, loadMoreIndicators, useLoadedList } = await import(
  '../src/state/indicators/indicator-list.ts'
)

const DOMAINS = { type: 'domain' } as const
const FIRST_PAGE = { limit: '100', cursor: undefined }

const createIndicator = (number: number): RoomIndicator => ({
  type: 'domain',
  value: `n${number}.example`,
  count: 1,
  events: 1,
  first_at: '2026-03-01T10:00:00.000Z',
  last_at: '2026-03-01T10:00:00.000Z',
})
const toPage = (count: number, next_cursor: string | null) => ({
  items: Array.from({ length: count }, (_, index) => createIndicator(index)),
  next_cursor,
})
const countItems = () => useLoadedList.getState().items?.length

t.afterEach(forgetIndicatorList)

t.test('[ROOM95] a new message keeps the older indicators that the reader has loaded', async (t) => {
  await page.answer(() => loadIndicatorList('e', {}), toPage(100, 'after 100'))
  await page.answer(() => loadMoreIndicators('e', {}), toPage(150, null))
  t.equal(countItems(), 150)

  const load = loadIndicatorList('e', {})
  const request = await page.takeRequest()
  t.match(request.query, { limit: '200' })
  await request.respond(toPage(151, null))
  await load
  t.equal(countItems(), 151)
})

t.test('[ROOM95] an older page that arrives after the filter has changed is not listed', async (t) => {
  await page.answer(() => loadIndicatorList('e', {}), toPage(100, 'after 100'))
  const more = loadMoreIndicators('e', {})
  const moreRequest = await page.takeRequest()
  const load = loadIndicatorList('e', DOMAINS)
  const request = await page.takeRequest()
  t.match(request.query, { ...FIRST_PAGE, type: 'domain' })
  await moreRequest.respond(toPage(200, null))
  t.equal(countItems(), 100, 'the list of before stays')
  await request.respond(toPage(3, null))
  await Promise.all([more, load])
  t.equal(countItems(), 3)
})

t.test('[ROOM95] while the list of a new filter loads, more of it begins with its first page', async (t) => {
  await page.answer(() => loadIndicatorList('e', {}), toPage(100, 'after 100'))
  const more = loadMoreIndicators('e', DOMAINS)
  const request = await page.takeRequest()
  t.match(request.query, { ...FIRST_PAGE, type: 'domain' })
  await request.respond(toPage(2, null))
  await more
  t.equal(countItems(), 2)
})

t.test('[ROOM95] a new message during the load of an older page loses no row', async (t) => {
  await page.answer(() => loadIndicatorList('e', {}), toPage(100, 'after 100'))
  const more = loadMoreIndicators('e', {})
  const moreRequest = await page.takeRequest()
  const load = loadIndicatorList('e', {})
  const request = await page.takeRequest()
  t.match(request.query, { limit: '200' })
  await request.respond(toPage(151, null))
  await moreRequest.respond(toPage(150, null))
  await Promise.all([more, load])
  t.equal(countItems(), 151)
})

t.test('[ROOM95] a list with more rows than one page may have is loaded again whole', async (t) => {
  for (let count = 100; count <= 500; count += 100)
    await page.answer(() => (count === 100 ? loadIndicatorList : loadMoreIndicators)('e', {}), toPage(count, 'more'))
  const more = loadMoreIndicators('e', {})
  await (await page.takeRequest()).respond(toPage(500, 'after 500'))
  const secondRequest = await page.takeRequest()
  t.match(secondRequest.query, { limit: '100', cursor: 'after 500' })
  await secondRequest.respond(toPage(40, null))
  await more
  t.equal(countItems(), 540)
  t.equal(useLoadedList.getState().hasMore, false)
})

t.test('[ROOM95] after the reader has left the list, no response fills it', async (t) => {
  const load = loadIndicatorList('e', {})
  const request = await page.takeRequest()
  forgetIndicatorList()
  await request.respond(toPage(1, null))
  await load
  t.equal(countItems(), undefined)
})
