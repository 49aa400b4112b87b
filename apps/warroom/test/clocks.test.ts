import type { Page } from 'playwright-core'
import t from 'tap'
import { enterRoom, sendText, signIn } from '../testing/browser.ts'
import { PASSWORD, startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(480_000)
t.teardown(() => warRoom.stop())

t.test(
  '[ROOM58] the time of a reply is measured by the server’s clock, even if the machine’s clock is wrong',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const { page, context } = await warRoom.openAsEngineer('ada', event_id)
    for (const hours of [-3, 5]) {
      await page.addInitScript((ms) => {
        const now = Date.now
        Date.now = () => now() + ms
      }, hours * 3_600_000)
      await page.reload()
      const paused = warRoom.model.pauseAfterFirstPiece(`clock${hours}`)
      await sendText(page, `@AI clock${hours}`)
      await paused.started
      const elapsed = page.locator('.thinking .elapsed')
      await elapsed.filter({ hasText: /^[1-9]\d? s$/ }).waitFor()
      paused.resume()
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
  await enterRoom(page, warRoom.proxy.url, event_id)
  const session = await context.newCDPSession(page)
  const shown: string[] = []
  for (const timezoneId of ['Asia/Shanghai', 'Asia/Kolkata', 'Pacific/Kiritimati']) {
    await session.send('Emulation.setTimezoneOverride', { timezoneId })
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    const expected = await formatMessageTime(page, timezoneId)
    await page.locator('.rows .message time', { hasText: expected.time }).first().waitFor()
    await page.locator('.separator.day', { hasText: expected.day }).waitFor()
    shown.push(expected.time)
  }
  t.equal(new Set(shown).size, 3)
  await context.close()
})

/** Returns the time of the message as a text. */
const formatMessageTime = (page: Page, timeZone: string) =>
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
