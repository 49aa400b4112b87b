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
const getEvent = (page: Page, name: string) => page.locator('.sidebar a.event', { hasText: name })

async function changeEvent(event_id: string, changes: Record<string, string>): Promise<void> {
  await warRoom.alice.call(warRoom.getApiUrl(0), 'PATCH', `/api/events/${event_id}`, changes)
}

t.test('[ROOM70] the list is sorted by urgency, but not while the pointer is on it', async (t) => {
  const [quietId = '', closedId = '', urgentId] = await Promise.all([
    warRoom.createEvent(warRoom.alice, { event_name: 'a quiet one', severity: 'low' }),
    warRoom.createEvent(warRoom.alice, { event_name: 'a closed one', severity: 'critical' }),
    warRoom.createEvent(warRoom.alice, { event_name: 'an urgent one', severity: 'high' }),
  ])
  t.ok(urgentId, 'the urgent event exists')
  await changeEvent(closedId, { event_status: 'closed' })
  const { page, context } = await warRoom.openAsEngineer('ann', quietId)
  t.teardown(() => context.close())
  await getEvent(page, 'an urgent one').waitFor()
  const namesAtFirst = await readNames(page)
  t.ok(namesAtFirst.indexOf('an urgent one') < namesAtFirst.indexOf('a quiet one'))
  t.equal(await getEvent(page, 'a closed one').count(), 0, 'the group of closed events is folded')
  t.same(await listViolations(page), [])

  await getEvent(page, 'a quiet one').hover()
  await changeEvent(quietId, { severity: 'critical' })
  await getEvent(page, 'a quiet one').locator('.severity.critical').waitFor()
  const namesUnderPointer = await readNames(page)
  t.ok(
    namesUnderPointer.indexOf('an urgent one') < namesUnderPointer.indexOf('a quiet one'),
    'the row stays below the pointer',
  )
  await page.mouse.move(900, 400) // The pointer leaves the list.
  await page.waitForFunction(() => document.querySelector('.events .name')?.textContent === 'a quiet one')

  await page.getByRole('button', { name: 'Closed (1)' }).click()
  t.same(await readNames(page, 'Closed (1)'), ['a closed one'])
})

t.test('[ROOM70] a long name takes two lines, and “Mine” lists the events that concern the reader', async (t) => {
  const name = 'Unusual outbound traffic from the finance file server to an unknown host in the night'
  const event_id = await warRoom.createEvent(warRoom.alice, { event_name: name })
  const { page, context } = await warRoom.openAsEngineer('ben', event_id)
  t.teardown(() => context.close())
  const lineCount = await getEvent(page, name)
    .locator('.name')
    .evaluate((element) => element.clientHeight / Number.parseFloat(getComputedStyle(element).lineHeight))
  t.equal(Math.round(lineCount), 2)
  await page.getByRole('button', { name: 'Mine' }).click()
  await getEvent(page, name).waitFor({ state: 'detached' })
  await page.locator('.composer textarea').fill('I look at it')
  await page.locator('.composer textarea').press('Enter')
  await page.locator('.message', { hasText: 'I look at it' }).waitFor()
  // The page looks up where the reader has written only when “Mine” changes, so the test switches it off and on.
  await page.getByRole('button', { name: 'Mine' }).click()
  await page.getByRole('button', { name: 'Mine' }).click()
  await getEvent(page, name).waitFor()
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
