import type { Page } from 'playwright-core'
import t from 'tap'
import { enterRoom, sendText, signIn, visit } from '../testing/browser.ts'
import { setVisibility } from '../testing/hide-tab.ts'
import { openWarRoom, PASSWORD } from '../testing/war-room.ts'

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

/** Reads the room in one browser, and tells the server so at once. */
async function readElsewhere(name: string, event_id: string, text: string): Promise<void> {
  const { page, context } = await room.openAsEngineer(name, event_id)
  await withText(page, text).waitFor()
  const marked = page.waitForResponse((response) => response.url().endsWith(`/${event_id}/read`))
  await setVisibility(page, 'hidden')
  if (!(await marked).ok()) throw new Error('The mark was refused.')
  await context.close()
}

for (const order of ['before', 'after']) {
  t.test(
    `[ROOM72] on a second device, whose list comes ${order} the room, the line is where one read to`,
    async (t) => {
      const event_id = await room.createEvent(room.alice)
      await post(event_id, 'read on the first device')
      await readElsewhere(`eli-${order}`, event_id, 'read on the first device')
      await post(event_id, 'came after that')
      const { page, context } = await visit(room.browser, room.front.url)
      t.teardown(() => context.close())
      if (order === 'after') {
        await page.route('**/api/events?*', async (route) => {
          await withText(page, 'came after that').waitFor()
          await route.continue()
        })
      }
      await signIn(page, `eli-${order}`, PASSWORD)
      if (order === 'before') await page.locator('a.event').first().waitFor()
      await enterRoom(page, room.front.url, event_id)
      await waitForBelowLine(page, 'came after that')
    },
  )
}

t.test('[ROOM71] a critical event that nobody of this name has opened is bold and says so', async (t) => {
  const { page, context } = await room.openAsEngineer('fay')
  t.teardown(() => context.close())
  const event = (name: string) => page.locator('a.event', { hasText: name })
  await room.createEvent(room.alice, { event_name: 'a high one', severity: 'high' })
  await room.createEvent(room.alice, { event_name: 'a critical one', severity: 'critical' })
  await event('a critical one').and(page.locator('.unread')).waitFor()
  t.match(await event('a critical one').innerText(), /^a critical one\s+New\s/)
  t.equal(await event('a high one').and(page.locator('.unread')).count(), 0)
  await event('a critical one').click()
  await page.locator('.room-header h1', { hasText: 'a critical one' }).waitFor()
  await page.locator('a.event:not(.unread)', { hasText: 'a critical one' }).waitFor()
  const marked = page.waitForResponse((response) => response.url().endsWith('/read'))
  await setVisibility(page, 'hidden')
  t.ok((await marked).ok())
  await page.reload()
  await page.locator('a.event:not(.unread)', { hasText: 'a critical one' }).waitFor()
})
