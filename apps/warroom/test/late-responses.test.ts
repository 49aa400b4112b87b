import type { Message, SearchPage } from '@engineer-chat/protocol'
import t from 'tap'
import { startFakePage } from '../testing/fake-page.ts'

const page = startFakePage()
const { searchFor, useSearch } = await import('../src/state/rooms/search.ts')

const toSearchPage = (...ids: string[]): SearchPage => ({
  messages: ids.map((message_id) => ({ message_id }) as Message),
  next_before: null,
})
const listFoundIds = () => useSearch.getState().results.map(({ message_id }) => message_id)

/** Types a letter and deletes it, so that two searches for the same text run. */
async function searchTwice() {
  searchFor('e', 'beacon')
  const firstRequest = await page.takeRequest()
  searchFor('e', 'beacons')
  searchFor('e', 'beacon')
  const secondRequest = await page.takeRequest()
  return { firstRequest, secondRequest }
}

t.test('[ROOM33] of two searches for the same text, only the results of the second one are listed', async (t) => {
  const { firstRequest, secondRequest } = await searchTwice()
  t.same(secondRequest.query, firstRequest.query, 'both searches have the same text')

  await secondRequest.respond(toSearchPage('m2', 'm1'))
  await firstRequest.respond(toSearchPage('m2', 'm1'))

  t.same(listFoundIds(), ['m2', 'm1'])
})

t.test('[ROOM33] the failure of an earlier search for the same text does not end the search', async (t) => {
  const { firstRequest, secondRequest } = await searchTwice()

  await firstRequest.fail()
  t.match(useSearch.getState(), { isBusy: true, errorKind: null })

  await secondRequest.respond(toSearchPage('m1'))
  t.same(listFoundIds(), ['m1'])
})
