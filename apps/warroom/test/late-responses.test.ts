import type { Message, SearchPage } from '@engineer-chat/protocol'
import t from 'tap'
import { type HeldRequest, startFakePage } from '../testing/fake-page.ts'

const page = startFakePage()
const { getSocket } = await import('../src/state/people/sign-in.ts')
const { getRoom, showMessage, showNewest } = await import('../src/state/rooms/rooms.ts')
const { forgetAgentHistories, loadAgentHistory, searchFor, useSearch } = await import('../src/state/rooms/search.ts')
const { getChat, loadChat, loadSummaries } = await import('../src/state/asking/chat.ts')
const { loadModels, useModels } = await import('../src/state/asking/models.ts')
const { loadPeople, loadUnknownPeople } = await import('../src/state/events/people.ts')
const { loadUsers, useUsers } = await import('../src/state/people/users.ts')
const { loadConfiguredModels, useConfiguredModels } = await import('../src/state/admin/models.ts')
const { loadAnalytics, useAnalytics } = await import('../src/state/admin/analytics.ts')

t.teardown(() => getSocket().close())

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
  await firstRequest.respond(toSearchPage('m3'))

  t.same(listFoundIds(), ['m2', 'm1'])
})

t.test('[ROOM33] the failure of an earlier search for the same text does not end the search', async (t) => {
  const { firstRequest, secondRequest } = await searchTwice()

  await firstRequest.fail()
  t.match(useSearch.getState(), { isBusy: true, errorKind: null })

  await secondRequest.respond(toSearchPage('m1'))
  t.same(listFoundIds(), ['m1'])
})

/** Starts a load twice. Answers the second load with `newer` and then the first one with `older`. */
async function loadTwice(load: () => Promise<void>, requestCount: number, older: unknown, newer: unknown) {
  const loads = [load(), load()]
  const takeRequests = async () => {
    const requests: HeldRequest[] = []
    while (requests.length < requestCount) requests.push(await page.takeRequest())
    return requests
  }
  const [firstRequests, secondRequests] = [await takeRequests(), await takeRequests()]
  for (const request of secondRequests) await request.respond(newer)
  for (const request of firstRequests) await (older === 'failure' ? request.fail() : request.respond(older))
  await Promise.all(loads)
}

const LOADS = [
  ['sessions', () => loadChat('e'), 2, () => getChat('e').sessions],
  ['summaries', () => loadSummaries('e'), 1, () => getChat('e').summaries],
  ['offered models', loadModels, 1, () => useModels.getState().models],
  ['users', loadUsers, 1, () => useUsers.getState().users],
  ['configured models', loadConfiguredModels, 2, () => useConfiguredModels.getState().models],
  ['statistics', () => loadAnalytics(7), 1, () => useAnalytics.getState().analytics],
] as const

for (const [name, load, requestCount, getValue] of LOADS) {
  t.test(`[ROOM108] the response to an earlier request does not replace a newer one: ${name}`, async (t) => {
    await loadTwice(load, requestCount, { items: [{ id: 'older' }] }, { items: [{ id: 'newer' }] })
    t.match(JSON.stringify(getValue()), 'newer')
  })
}

t.test('[ROOM108] the failure of an earlier request is not shown above newer data', async (t) => {
  await loadTwice(loadUsers, 1, 'failure', { items: [] })
  await loadTwice(loadConfiguredModels, 2, 'failure', { items: [] })
  await loadTwice(() => loadAnalytics(7), 1, 'failure', { days: [] })
  for (const useList of [useUsers, useConfiguredModels, useAnalytics]) t.equal(useList.getState().errorKind, null)
})

t.test('[ROOM36] the name of somebody who joins while the people load is loaded after them', async (t) => {
  const firstLoad = loadPeople('e')
  const firstRequest = await page.takeRequest()
  loadUnknownPeople('e', ['ann', 'eva'])
  await firstRequest.respond({ items: [{ user_id: 'ann', username: 'ann' }], next_cursor: null })
  await firstLoad

  const secondRequest = await page.takeRequest()
  t.equal(secondRequest.path, firstRequest.path)
  await secondRequest.respond({ items: [], next_cursor: null })
})

const toMessagePage = (position: number) => ({
  messages: [{ message_id: `m${position}`, position, seq: position }],
  seq: 900,
  has_more: true,
})
const getShownPosition = (event_id: string) => getRoom(event_id).state.olderRange?.first

t.test('[ROOM32] of two links that are opened one after the other, the second one decides what is shown', async (t) => {
  const jumps = [showMessage('e', 'm100'), showMessage('e', 'm200')]
  const [firstRequest, secondRequest] = [await page.takeRequest(), await page.takeRequest()]
  await secondRequest.respond(toMessagePage(200))
  await firstRequest.respond(toMessagePage(100))
  t.same(await Promise.all(jumps), ['superseded', 'shown'])
  t.equal(getShownPosition('e'), 200)
})

t.test('[ROOM32] a reader who goes to the newest messages stays there when an old message arrives late', async (t) => {
  const jump = showMessage('e2', 'm100')
  const request = await page.takeRequest()
  showNewest('e2')
  await request.respond(toMessagePage(100))
  t.equal(await jump, 'superseded')
  t.equal(getShownPosition('e2'), undefined)
})

t.test(
  '[ROOM34] a reset during the load of an older page begins an agent’s history again, without a gap',
  async (t) => {
    const load = () => loadAgentHistory('e', '_captain')
    await page.runWithResponse(load, { messages: [], next_before: 50 })
    const olderLoad = load()
    const olderRequest = await page.takeRequest()
    t.equal(olderRequest.query.before, '50')
    forgetAgentHistories('e')
    await olderRequest.respond({ messages: [], next_before: 10 })
    await olderLoad

    const firstLoad = load()
    const firstRequest = await page.takeRequest()
    t.equal(firstRequest.query.before, undefined)
    await firstRequest.respond({ messages: [], next_before: null })
    await firstLoad
  },
)
