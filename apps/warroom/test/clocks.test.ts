import type { Page } from 'playwright-core'
import t from 'tap'
import { enterRoom, sendText, signIn } from '../testing/browser.ts'
import { openWarRoom, PASSWORD } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

t.test('[ROOM58] how long a reply takes goes by the server’s clock, however wrong the machine’s is', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('ada', event_id)
  for (const hours of [-3, 5]) {
    await page.addInitScript((ms) => {
      const now = Date.now
      Date.now = () => now() + ms
    }, hours * 3_600_000)
    await page.reload()
    const paused = room.model.pauseAfterFirstPiece(`clock${hours}`)
    await sendText(page, `@AI clock${hours}`)
    await paused.started
    const elapsed = page.locator('.thinking .elapsed')
    await elapsed.filter({ hasText: /^[1-9]\d? s$/ }).waitFor()
    paused.resume()
    await elapsed.waitFor({ state: 'detached' })
  }
  t.pass('seconds are counted')
  await context.close()
})

t.test('[ROOM58] a time zone that changes under an open page is shown', async (t) => {
  const event_id = await room.createEvent(room.alice)
  await room.alice.call(room.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message: 'when?' })
  await room.createUser('bea')
  const context = await room.browser.newContext({ locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(room.front.url)
  await signIn(page, 'bea', PASSWORD)
  await enterRoom(page, room.front.url, event_id)
  const session = await context.newCDPSession(page)
  const shown: string[] = []
  for (const timezoneId of ['Asia/Shanghai', 'Asia/Kolkata', 'Pacific/Kiritimati']) {
    await session.send('Emulation.setTimezoneOverride', { timezoneId })
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    const expected = await timeOfMessage(page, timezoneId)
    await page.locator('.rows .message time', { hasText: expected.time }).first().waitFor()
    await page.locator('.separator.day', { hasText: expected.day }).waitFor()
    shown.push(expected.time)
  }
  t.equal(new Set(shown).size, 3)
  await context.close()
})

/** Says when the message was, in words of its own. */
const timeOfMessage = (page: Page, timeZone: string) =>
  page
    .locator('.rows .message time')
    .first()
    .evaluate((element, zone) => {
      const at = new Date(element.getAttribute('datetime') ?? '')
      const write = (options: Intl.DateTimeFormatOptions) =>
        new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone }).format(at)
      return {
        time: write({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
        day: write({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
      }
    }, timeZone)
