import type { Page } from 'playwright-core'
import t from 'tap'
import { goToRoom, sendText, signIn, TEST_FILE_TIMEOUT_MS, visit } from '../testing/browser.ts'
import { setTabVisibility } from '../testing/tab-visibility.ts'
import { PASSWORD, startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const postMessage = (event_id: string, message: string) =>
  warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
const getUnreadLine = (page: Page) => page.locator('[data-testid=unread]')
const getMessage = (page: Page, text: string) => page.locator('.message', { hasText: text })

/** Waits until the row below the unread line has the text. */
const waitForBelowLine = (page: Page, text: string) =>
  page.waitForFunction((expected) => {
    const rows = [...document.querySelectorAll('[data-row]')]
    const index = rows.findIndex((row) => row.querySelector('[data-testid=unread]'))
    return index >= 0 && rows[index + 1]?.textContent?.includes(expected)
  }, text)

t.test('[ROOM72] a reader who returns to the tab sees a line above the messages that arrived meanwhile', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  await postMessage(event_id, 'seen before')
  const { page, context } = await warRoom.openAsEngineer('ann', event_id)
  t.teardown(() => context.close())
  await getMessage(page, 'seen before').waitFor()
  await setTabVisibility(page, 'hidden')
  await setTabVisibility(page, 'visible')
  t.equal(await getUnreadLine(page).count(), 0, 'nothing has arrived, so there is no line')

  await setTabVisibility(page, 'hidden')
  for (const text of ['arrived meanwhile', 'and one more']) await postMessage(event_id, text)
  await getMessage(page, 'and one more').waitFor()
  await setTabVisibility(page, 'visible')
  await waitForBelowLine(page, 'arrived meanwhile')

  await setTabVisibility(page, 'hidden')
  await postMessage(event_id, 'a third')
  await getMessage(page, 'a third').waitFor()
  await setTabVisibility(page, 'visible')
  await waitForBelowLine(page, 'a third')
})

t.test(
  '[ROOM72] if more new messages arrive than fit into the window, the list shows the line and not the end',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    await postMessage(event_id, 'seen before')
    const { page, context } = await warRoom.openAsEngineer('ben', event_id)
    t.teardown(() => context.close())
    await getMessage(page, 'seen before').waitFor()
    await setTabVisibility(page, 'hidden')
    for (let number = 1; number <= 30; number += 1) await postMessage(event_id, `new ${number}.\n\nwith\n\nmore lines`)
    await getMessage(page, 'new 30.').waitFor()
    await setTabVisibility(page, 'visible')
    await getUnreadLine(page).waitFor()
    await getMessage(page, 'new 1.').waitFor()
    t.equal(await page.locator('.new-pill').count(), 1, 'there are more messages below')
  },
)

t.test('[ROOM72] messages that arrive while another room is open are below the line', async (t) => {
  const [event_id = '', otherEventId = ''] = await Promise.all([
    warRoom.createEvent(warRoom.alice),
    warRoom.createEvent(warRoom.alice),
  ])
  await postMessage(event_id, 'seen before')
  const { page, context } = await warRoom.openAsEngineer('cal', event_id)
  t.teardown(() => context.close())
  await getMessage(page, 'seen before').waitFor()
  const openRoom = (id: string) => page.evaluate((hash) => location.assign(hash), `#/events/${id}`)
  await openRoom(otherEventId)
  await getMessage(page, 'seen before').waitFor({ state: 'detached' })
  await postMessage(event_id, 'arrived meanwhile')
  await openRoom(event_id)
  await getMessage(page, 'arrived meanwhile').waitFor()
  await waitForBelowLine(page, 'arrived meanwhile')
})

t.test('[ROOM72] there is no line above messages that arrive while the reader sees the end', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  await postMessage(event_id, 'seen before')
  const { page, context } = await warRoom.openAsEngineer('dee', event_id)
  t.teardown(() => context.close())
  await getMessage(page, 'seen before').waitFor()
  await page.reload() // At a first visit there is no read position, so no line could appear.
  await getMessage(page, 'seen before').waitFor()
  // A row that arrives within 2 s (`ARRIVAL_MS` in use-unread-line.ts) after the room was opened counts as written
  // before that, and may get a line. The test allows two more seconds for loading.
  await page.waitForFunction(() => performance.now() > 4_000)
  for (const text of ['live one', 'live two']) {
    await postMessage(event_id, text)
    await getMessage(page, text).waitFor()
  }
  await sendText(page, '@AI and a question')
  await getMessage(page, 'Answer to: and a question').waitFor()
  t.equal(await getUnreadLine(page).count(), 0)
})

/** Reads the room in another browser. A hidden tab sends its read mark at once, without the usual pause. */
async function readOnOtherDevice(name: string, event_id: string, text: string): Promise<void> {
  const { page, context } = await warRoom.openAsEngineer(name, event_id)
  await getMessage(page, text).waitFor()
  const markResponse = page.waitForResponse((response) => response.url().endsWith(`/${event_id}/read`))
  await setTabVisibility(page, 'hidden')
  if (!(await markResponse).ok()) throw new Error('The read mark was refused.')
  await context.close()
}

for (const order of ['before', 'after']) {
  t.test(
    `[ROOM72] on a second device, whose list of events loads ${order} the room, the line is below the last row read on the first device`,
    async (t) => {
      const event_id = await warRoom.createEvent(warRoom.alice)
      await postMessage(event_id, 'read on the first device')
      await readOnOtherDevice(`eli-${order}`, event_id, 'read on the first device')
      await postMessage(event_id, 'arrived later')
      const { page, context } = await visit(warRoom.browser, warRoom.proxy.url)
      t.teardown(() => context.close())
      if (order === 'after') {
        await page.route('**/api/events?*', async (route) => {
          await getMessage(page, 'arrived later').waitFor()
          await route.continue()
        })
      }
      await signIn(page, `eli-${order}`, PASSWORD)
      if (order === 'before') await page.locator('a.event').first().waitFor()
      await goToRoom(page, warRoom.proxy.url, event_id)
      await waitForBelowLine(page, 'arrived later')
    },
  )
}

t.test('[ROOM71] a critical event that this user never opened is bold and has the word “New”', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('fay')
  t.teardown(() => context.close())
  const getEvent = (name: string) => page.locator('a.event', { hasText: name })
  await warRoom.createEvent(warRoom.alice, { event_name: 'a high one', severity: 'high' })
  await warRoom.createEvent(warRoom.alice, { event_name: 'a critical one', severity: 'critical' })
  await getEvent('a critical one').and(page.locator('.unread')).waitFor()
  t.match(await getEvent('a critical one').innerText(), /^a critical one\s+New\s/)
  t.equal(await getEvent('a high one').and(page.locator('.unread')).count(), 0)
  const readFontWeight = (name: string) =>
    getEvent(name)
      .locator('.name')
      .evaluate((element) => Number(getComputedStyle(element).fontWeight))
  t.equal(await readFontWeight('a critical one'), 700)
  t.ok((await readFontWeight('a high one')) < 700)
  await getEvent('a critical one').click()
  await page.locator('.room-header h1', { hasText: 'a critical one' }).waitFor()
  await page.locator('a.event:not(.unread)', { hasText: 'a critical one' }).waitFor()
  const markResponse = page.waitForResponse((response) => response.url().endsWith('/read'))
  await setTabVisibility(page, 'hidden')
  t.ok((await markResponse).ok(), 'the server stores the read mark')
  await page.reload()
  await page.locator('a.event:not(.unread)', { hasText: 'a critical one' }).waitFor()
})
