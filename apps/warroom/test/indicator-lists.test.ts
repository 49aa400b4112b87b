import { readFile } from 'node:fs/promises'
import type { Page, Route } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { checkEveryLanguageAndTheme } from '../testing/every-language-and-theme.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const openIndicatorsTab = (page: Page) => page.locator('#tab-indicators').click()

/** Waits until the worker has found these indicators and the tab lists them. The values are defanged. */
const waitForValues = (page: Page, values: string[]) =>
  page.waitForFunction(
    (expected) =>
      expected.every((value) =>
        [...document.querySelectorAll('.indicators li > button')].some((button) => button.textContent === value),
      ),
    values,
  )

t.test(
  '[ROOM95] the room’s indicators are listed, filtered, saved as CSV, and link to the messages that contain them',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    await warRoom.createEvent(warRoom.alice, { message: 'A report of the same domain: evil.example' })
    const postMessage = (message: string) =>
      warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
    await postMessage('beacon to evil.example from 198.51.100.7')
    await postMessage('evil[.]example again, CVE-2024-3094')
    const { page, context } = await warRoom.openAsEngineer('ann', event_id, { acceptDownloads: true })
    t.teardown(() => context.close())

    await openIndicatorsTab(page)
    await waitForValues(page, ['evil[.]example', '198[.]51[.]100[.]7', 'CVE-2024-3094'])

    const domainItem = page.locator('.indicators li', { hasText: 'evil[.]example' })
    t.match(await domainItem.innerText(), /in 2 places/)
    await domainItem.getByText('in 1 other event').waitFor()
    t.same(await listViolations(page), [])
    await page.getByLabel('Type of indicator').selectOption('ipv4')
    await page.locator('.indicators li', { hasText: 'evil' }).waitFor({ state: 'detached' })
    t.same(await page.locator('.indicators li > button').allInnerTexts(), ['198[.]51[.]100[.]7'])
    await page.getByLabel('Type of indicator').selectOption('')
    await page.getByLabel('Filter indicators').fill('evil[.]')
    await page.locator('.indicators li', { hasText: '198' }).waitFor({ state: 'detached' })

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ])
    const csv = await readFile(await download.path(), 'utf8')
    t.match(csv, /^type,value,count,first_at,last_at,events\r\ndomain,evil\.example,2,.*,2\r\n$/)

    await domainItem.locator('button').click()
    const dialog = page.locator('dialog[open]')
    t.match(await dialog.locator('dl.sightings').innerText(), /in 2 places · in 1 other event/)
    t.same(await listViolations(page), [])
    await dialog.getByRole('button', { name: 'Ask the AI' }).click()
    t.match(await page.locator('.composer textarea').inputValue(), /^@AI What do we know about evil\[\.\]example\?/)
  },
)

/** Opens the tab of a room with 121 indicators. The address is the last one and on the second page. */
async function openLongList(name: string) {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const postMessage = (message: string) =>
    warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
  await postMessage('seen at 198.51.100.7')
  await postMessage(Array.from({ length: 120 }, (_, number) => `n${number}.${name}.example`).join(' '))
  const visitor = await warRoom.openAsEngineer(name, event_id)
  await openIndicatorsTab(visitor.page)
  const moreButton = visitor.page.locator('.indicators').getByRole('button', { name: 'Load older' })
  await moreButton.waitFor()
  return { ...visitor, moreButton, postMessage, listValues: () => visitor.page.locator('.indicators li > button') }
}

/** Holds the next request whose address has this text. `release` resolves when the page has handled the response. */
async function holdRequest(page: Page, part: string) {
  const arrival = Promise.withResolvers<Route>()
  await page.route(
    (url) => url.href.includes(part),
    (route) => arrival.resolve(route),
    { times: 1 },
  )
  return {
    arrival: arrival.promise,
    async release() {
      const route = await arrival.promise
      const response = page.waitForResponse((candidate) => candidate.request() === route.request())
      await route.continue()
      await (await response).finished()
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
    },
  }
}

t.test('[ROOM95] older indicators that were loaded stay when a new message arrives', async (t) => {
  const { page, context, moreButton, postMessage, listValues } = await openLongList('fay')
  t.teardown(() => context.close())
  await moreButton.click()
  await waitForValues(page, ['198[.]51[.]100[.]7'])
  await postMessage('now fresh.example')
  await waitForValues(page, ['fresh[.]example'])
  t.equal(await listValues().count(), 122)
  t.equal(await listValues().last().innerText(), '198[.]51[.]100[.]7')
})

t.test('[ROOM95] older indicators that arrive after the filter has changed are not listed', async (t) => {
  const { page, context, moreButton, listValues } = await openLongList('gil')
  t.teardown(() => context.close())
  const olderRequest = await holdRequest(page, '/indicators?')
  await moreButton.click()
  await olderRequest.arrival
  await page.getByLabel('Type of indicator').selectOption('ipv4')
  await listValues().nth(1).waitFor({ state: 'detached' })
  await olderRequest.release()
  t.same(await listValues().allInnerTexts(), ['198[.]51[.]100[.]7'])
})

t.test('[ROOM96] the response for an earlier text does not remove what was found for the current one', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { message: 'exfil to late.search.example' })
  const { page, context } = await warRoom.openAsEngineer('hal', event_id)
  t.teardown(() => context.close())
  await openIndicatorsTab(page)
  await waitForValues(page, ['late[.]search[.]example'])
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('combobox', { name: 'Command palette' })
  const earlierRequest = await holdRequest(page, '/api/indicators?')
  await palette.fill('late')
  await earlierRequest.arrival
  await palette.fill('late.search')
  const option = page.locator('#palette-list [role=option]', { hasText: 'late[.]search[.]example' })
  await option.waitFor()
  await earlierRequest.release()
  t.equal(await option.count(), 1)
})

t.test('[ROOM107] events that share an indicator are shown above the list and link to their rooms', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { message: 'beacon to seen.before.example' })
  await warRoom.createEvent(warRoom.alice, { event_name: 'March', message: 'It was seen.before.example, \u202eagain.' })
  const { page, context } = await warRoom.openAsEngineer('eve', event_id)
  t.teardown(() => context.close())
  await openIndicatorsTab(page)
  await waitForValues(page, ['seen[.]before[.]example'])
  await page.locator('.indicators .elsewhere').first().waitFor()
  // The tab loads similar events when it is opened, so it is opened again.
  await page.locator('#tab-summary').click()
  await openIndicatorsTab(page)

  const similarEvent = page.locator('.seen-before li', { hasText: 'March' })
  t.match(await similarEvent.innerText(), /seen\[\.\]before\[\.\]example/)
  t.match(await similarEvent.innerText(), '⟨U+202E⟩', 'a character that reorders the text is shown by its number')
  await checkEveryLanguageAndTheme(t, page, 'seen before')
  await similarEvent.getByRole('link').click()
  await page.locator('.room-header h1', { hasText: 'March' }).waitFor()
  await page.locator('.seen-before a', { hasText: 'March' }).waitFor({ state: 'detached' })
})

t.test('[ROOM95] an indicator of a message is pinned with its message, for everybody', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const message = 'the drop is drop.example'
  await warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
  const ben = await warRoom.openAsEngineer('ben', event_id)
  const cat = await warRoom.openAsEngineer('cat', event_id)
  t.teardown(() => Promise.all([ben.context.close(), cat.context.close()]))

  await ben.page.locator('.message .indicator', { hasText: 'drop.example' }).click()
  await ben.page.locator('dialog[open]').getByRole('button', { name: 'Pin as evidence' }).click()

  await cat.page.locator('#tab-evidence').click()
  await cat.page.locator('.evidence-item', { hasText: message }).waitFor()
  t.pass('another person sees the pin')
})

t.test('[ROOM96] Ctrl+K finds an indicator in every room that its reader may read', async (t) => {
  const openRoomId = await warRoom.createEvent(warRoom.alice, { event_name: 'Open room' })
  const restrictedRoomId = await warRoom.createEvent(warRoom.alice, {
    event_name: 'Restricted room',
    access: 'restricted',
  })
  for (const id of [openRoomId, restrictedRoomId]) {
    const message = 'exfil to far.away.example'
    await warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${id}/messages`, { message })
  }
  const { page, context } = await warRoom.openAsEngineer('dan', openRoomId)
  t.teardown(() => context.close())
  await openIndicatorsTab(page)
  await waitForValues(page, ['far[.]away[.]example'])
  await page.goto(`${warRoom.proxy.url}/#/events/${warRoom.event_id}`)

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command palette' }).fill('far[.]away')
  const options = page.locator('#palette-list [role=option]', { hasText: 'far[.]away[.]example' })
  await options.first().waitFor()

  t.equal(await options.count(), 1, 'no indicator of the room that this person may not read')
  t.match(await options.innerText(), /Open room/)
  t.same(await listViolations(page), [])
  await page.keyboard.press('Enter')
  await page.locator('.room-header h1', { hasText: 'Open room' }).waitFor()
  await waitForValues(page, ['far[.]away[.]example'])
})
