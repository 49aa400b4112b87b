import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { signIn, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { PASSWORD, startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const readNames = (page: Page, group = 'Active events') =>
  page.locator(`.events [aria-label="${group}"] .event .name`).allInnerTexts()
const findEvent = (page: Page, name: string) => page.locator('.sidebar a.event', { hasText: name })

async function changeEvent(event_id: string, changes: Record<string, string>): Promise<void> {
  await warRoom.alice.call(warRoom.getApiUrl(0), 'PATCH', `/api/events/${event_id}`, changes)
}

t.test('[ROOM70] the list is sorted by urgency, but not while the pointer is on it', async (t) => {
  const [quiet, urgent, closed] = await Promise.all([
    warRoom.createEvent(warRoom.alice, { event_name: 'a quiet one', severity: 'low' }),
    warRoom.createEvent(warRoom.alice, { event_name: 'an urgent one', severity: 'high' }),
    warRoom.createEvent(warRoom.alice, { event_name: 'a closed one', severity: 'critical' }),
  ])
  await changeEvent(closed ?? '', { event_status: 'closed' })
  const { page, context } = await warRoom.openAsEngineer('ann', quiet)
  t.teardown(() => context.close())
  await findEvent(page, 'an urgent one').waitFor()
  t.ok((await readNames(page)).indexOf('an urgent one') < (await readNames(page)).indexOf('a quiet one'))
  t.equal(await findEvent(page, 'a closed one').count(), 0, 'closed events are folded away')
  t.same(await listViolations(page), [])

  await findEvent(page, 'a quiet one').hover()
  await changeEvent(quiet ?? '', { severity: 'critical' })
  await findEvent(page, 'a quiet one').locator('.severity.critical').waitFor()
  const namesInOrder = await readNames(page)
  t.ok(namesInOrder.indexOf('an urgent one') < namesInOrder.indexOf('a quiet one'), 'the row stays below the pointer')
  await page.mouse.move(900, 400)
  await page.waitForFunction(() => document.querySelector('.events .name')?.textContent === 'a quiet one')

  await page.getByRole('button', { name: 'Closed (1)' }).click()
  t.same(await readNames(page, 'Closed (1)'), ['a closed one'])
  t.ok(urgent)
})

t.test('[ROOM70] a long name takes two lines, and “Mine” lists the events that concern the reader', async (t) => {
  const name = 'Unusual outbound traffic from the finance file server to an unknown host in the night'
  const long = await warRoom.createEvent(warRoom.alice, { event_name: name })
  const { page, context } = await warRoom.openAsEngineer('ben', long)
  t.teardown(() => context.close())
  const lines = await findEvent(page, name)
    .locator('.name')
    .evaluate((element) => element.clientHeight / Number.parseFloat(getComputedStyle(element).lineHeight))
  t.equal(Math.round(lines), 2)
  await page.getByRole('button', { name: 'Mine' }).click()
  await findEvent(page, name).waitFor({ state: 'detached' })
  await page.locator('.composer textarea').fill('I look at it')
  await page.locator('.composer textarea').press('Enter')
  await page.locator('.message', { hasText: 'I look at it' }).waitFor()
  await page.getByRole('button', { name: 'Mine' }).click()
  await page.getByRole('button', { name: 'Mine' }).click()
  await findEvent(page, name).waitFor()
  t.same(await readNames(page), [name])
})

t.test('[ROOM70] a sign-in opens the last room again', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { event_name: 'the last room' })
  const { page, context } = await warRoom.openAsEngineer('cal', event_id)
  t.teardown(() => context.close())
  await page.locator('.account').getByRole('button', { name: 'Sign out' }).click()
  await page.locator('input[name=username]').waitFor()
  await signIn(page, 'cal', PASSWORD)
  await page.locator('.room-header h1', { hasText: 'the last room' }).waitFor()
})
