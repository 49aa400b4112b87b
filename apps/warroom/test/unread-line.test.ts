import type { Page } from 'playwright-core'
import t from 'tap'
import { sendText } from '../testing/browser.ts'
import { setVisibility } from '../testing/hide-tab.ts'
import { openWarRoom } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

const post = (event_id: string, message: string) =>
  room.alice.call(room.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
const line = (page: Page) => page.locator('[data-testid=unread]')
const withText = (page: Page, text: string) => page.locator('.message', { hasText: text })

/** Waits until the row below the line has the text. */
const waitForBelowLine = (page: Page, text: string) =>
  page.waitForFunction((expected) => {
    const rows = [...document.querySelectorAll('[data-row]')]
    const index = rows.findIndex((row) => row.querySelector('[data-testid=unread]'))
    return index >= 0 && rows[index + 1]?.textContent?.includes(expected)
  }, text)

t.test('[ROOM72] who comes back to the tab sees a line above what came meanwhile', async (t) => {
  const event_id = await room.createEvent(room.alice)
  await post(event_id, 'seen before')
  const { page, context } = await room.openAsEngineer('ann', event_id)
  t.teardown(() => context.close())
  await withText(page, 'seen before').waitFor()
  await setVisibility(page, 'hidden')
  await setVisibility(page, 'visible')
  t.equal(await line(page).count(), 0, 'nothing came')

  await setVisibility(page, 'hidden')
  for (const text of ['came meanwhile', 'and one more']) await post(event_id, text)
  await withText(page, 'and one more').waitFor()
  await setVisibility(page, 'visible')
  await waitForBelowLine(page, 'came meanwhile')

  await setVisibility(page, 'hidden')
  await post(event_id, 'a third')
  await withText(page, 'a third').waitFor()
  await setVisibility(page, 'visible')
  await waitForBelowLine(page, 'a third')
})

t.test('[ROOM72] more than the window holds came: one comes back to the line, not to the end', async (t) => {
  const event_id = await room.createEvent(room.alice)
  await post(event_id, 'seen before')
  const { page, context } = await room.openAsEngineer('ben', event_id)
  t.teardown(() => context.close())
  await withText(page, 'seen before').waitFor()
  await setVisibility(page, 'hidden')
  for (let number = 1; number <= 30; number += 1) await post(event_id, `new ${number}.\n\nwith\n\nmore lines`)
  await withText(page, 'new 30.').waitFor()
  await setVisibility(page, 'visible')
  await line(page).waitFor()
  await withText(page, 'new 1.').waitFor()
  t.equal(await page.locator('.new-pill').count(), 1, 'there is more below')
})

t.test('[ROOM72] what came while another room was open stands below the line', async (t) => {
  const [one = '', other = ''] = await Promise.all([room.createEvent(room.alice), room.createEvent(room.alice)])
  await post(one, 'seen before')
  const { page, context } = await room.openAsEngineer('cal', one)
  t.teardown(() => context.close())
  await withText(page, 'seen before').waitFor()
  const goTo = (event_id: string) => page.evaluate((hash) => location.assign(hash), `#/events/${event_id}`)
  await goTo(other)
  await withText(page, 'seen before').waitFor({ state: 'detached' })
  await post(one, 'came meanwhile')
  await goTo(one)
  await withText(page, 'came meanwhile').waitFor()
  await waitForBelowLine(page, 'came meanwhile')
})

t.test('[ROOM72] what comes while one looks at the end is no news', async (t) => {
  const event_id = await room.createEvent(room.alice)
  await post(event_id, 'seen before')
  const { page, context } = await room.openAsEngineer('dee', event_id)
  t.teardown(() => context.close())
  await withText(page, 'seen before').waitFor()
  await page.reload() // The page now knows how far this reader had read.
  await withText(page, 'seen before').waitFor()
  await page.waitForFunction(() => performance.now() > 4_000)
  for (const text of ['live one', 'live two']) {
    await post(event_id, text)
    await withText(page, text).waitFor()
  }
  await sendText(page, '@AI and a question')
  await withText(page, 'Answer to: and a question').waitFor()
  t.equal(await line(page).count(), 0)
})
