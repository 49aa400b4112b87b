import type { Page } from 'playwright-core'
import t from 'tap'
import { goToRoom, sendText, signIn, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { PASSWORD, startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const HOUR_MS = 3_600_000

t.test(
  '[ROOM58] the time of a reply is measured by the server’s clock, even if the browser’s clock is wrong',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const { page, context } = await warRoom.openAsEngineer('ada', event_id)
    // A script is added once, because it also runs in all later rounds.
    await page.addInitScript(() => {
      const getRealNow = Date.now
      Date.now = () => getRealNow() + Number(sessionStorage.getItem('clockOffsetMs'))
    })
    for (const offsetHours of [-3, 5]) {
      const offsetMs = offsetHours * HOUR_MS
      await page.evaluate((ms) => sessionStorage.setItem('clockOffsetMs', `${ms}`), offsetMs)
      await page.reload()
      const browserOffsetMs = (await page.evaluate(() => Date.now())) - Date.now()
      t.equal(Math.round(browserOffsetMs / HOUR_MS), offsetHours, 'the browser’s clock is wrong')
      const pausedAnswer = warRoom.model.pauseAfterFirstDelta(`clock${offsetHours}`)
      await sendText(page, `@AI clock${offsetHours}`)
      await pausedAnswer.started
      const elapsed = page.locator('.thinking .elapsed')
      await elapsed.filter({ hasText: /^[1-9]\d? s$/ }).waitFor()
      pausedAnswer.resume()
      await elapsed.waitFor({ state: 'detached' })
    }
    t.pass('seconds are counted')
    await context.close()
  },
)

t.test('[ROOM58] a change of the time zone is shown while the page is open', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  await warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message: 'when?' })
  await warRoom.createUser('bea')
  const context = await warRoom.browser.newContext({ locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(warRoom.proxy.url)
  await signIn(page, 'bea', PASSWORD)
  await goToRoom(page, warRoom.proxy.url, event_id)
  const session = await context.newCDPSession(page)
  const shownTimes: string[] = []
  for (const timezoneId of ['Asia/Shanghai', 'Asia/Kolkata', 'Pacific/Kiritimati']) {
    await session.send('Emulation.setTimezoneOverride', { timezoneId })
    // The page reads the time zone again when it gets the focus.
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    const expected = await formatTimeAndDay(page, timezoneId)
    await page.locator('.rows .message time', { hasText: expected.time }).first().waitFor()
    await page.locator('.separator.day', { hasText: expected.day }).waitFor()
    shownTimes.push(expected.time)
  }
  t.equal(new Set(shownTimes).size, 3, 'the time differs in each zone')
  await context.close()
})

/** Returns time and day of the message in this time zone, as the page formats them. */
const formatTimeAndDay = (page: Page, timeZone: string) =>
  page
    .locator('.rows .message time')
    .first()
    .evaluate((element, zone) => {
      const date = new Date(element.getAttribute('datetime') ?? '')
      const format = (options: Intl.DateTimeFormatOptions) =>
        new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone }).format(date)
      return {
        time: format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
        day: format({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
      }
    }, timeZone)
