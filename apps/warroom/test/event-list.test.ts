import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { signIn } from '../testing/browser.ts'
import { openWarRoom, PASSWORD } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

const names = (page: Page, group = 'Active events') =>
  page.locator(`.events [aria-label="${group}"] .event .name`).allInnerTexts()
const event = (page: Page, name: string) => page.locator('.sidebar a.event', { hasText: name })

async function change(event_id: string, changes: Record<string, string>): Promise<void> {
  await room.alice.call(room.getApiUrl(0), 'PATCH', `/api/events/${event_id}`, changes)
}

t.test('[ROOM70] the list goes by urgency, and waits while the pointer is on it', async (t) => {
  const [quiet, urgent, closed] = await Promise.all([
    room.createEvent(room.alice, { event_name: 'a quiet one', severity: 'low' }),
    room.createEvent(room.alice, { event_name: 'an urgent one', severity: 'high' }),
    room.createEvent(room.alice, { event_name: 'a closed one', severity: 'critical' }),
  ])
  await change(closed ?? '', { event_status: 'closed' })
  const { page, context } = await room.openAsEngineer('ann', quiet)
  t.teardown(() => context.close())
  await event(page, 'an urgent one').waitFor()
  t.ok((await names(page)).indexOf('an urgent one') < (await names(page)).indexOf('a quiet one'))
  t.equal(await event(page, 'a closed one').count(), 0, 'closed events are folded away')
  t.same(await listViolations(page), [])

  await event(page, 'a quiet one').hover()
  await change(quiet ?? '', { severity: 'critical' })
  await event(page, 'a quiet one').locator('.severity.critical').waitFor()
  const held = await names(page)
  t.ok(held.indexOf('an urgent one') < held.indexOf('a quiet one'), 'the row stays below the pointer')
  await page.mouse.move(900, 400)
  await page.waitForFunction(() => document.querySelector('.events .name')?.textContent === 'a quiet one')

  await page.getByRole('button', { name: 'Closed (1)' }).click()
  t.same(await names(page, 'Closed (1)'), ['a closed one'])
  t.ok(urgent)
})

t.test('[ROOM70] a long name takes two lines, and “Mine” keeps what concerns the reader', async (t) => {
  const name = 'Unusual outbound traffic from the finance file server to an unknown host in the night'
  const long = await room.createEvent(room.alice, { event_name: name })
  const { page, context } = await room.openAsEngineer('ben', long)
  t.teardown(() => context.close())
  const lines = await event(page, name)
    .locator('.name')
    .evaluate((element) => element.clientHeight / Number.parseFloat(getComputedStyle(element).lineHeight))
  t.equal(Math.round(lines), 2)
  await page.getByRole('button', { name: 'Mine' }).click()
  await event(page, name).waitFor({ state: 'detached' })
  await page.locator('.composer textarea').fill('I look at it')
  await page.locator('.composer textarea').press('Enter')
  await page.locator('.message', { hasText: 'I look at it' }).waitFor()
  await page.getByRole('button', { name: 'Mine' }).click()
  await page.getByRole('button', { name: 'Mine' }).click()
  await event(page, name).waitFor()
  t.same(await names(page), [name])
})

t.test('[ROOM70] a sign-in opens the last room again', async (t) => {
  const event_id = await room.createEvent(room.alice, { event_name: 'where one was' })
  const { page, context } = await room.openAsEngineer('cal', event_id)
  t.teardown(() => context.close())
  await page.locator('.account').getByRole('button', { name: 'Sign out' }).click()
  await page.locator('input[name=username]').waitFor()
  await signIn(page, 'cal', PASSWORD)
  await page.locator('.room-header h1', { hasText: 'where one was' }).waitFor()
})
