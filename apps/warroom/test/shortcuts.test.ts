import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { saveScreenshot, signIn, TEST_FILE_TIMEOUT_MS, visit } from '../testing/browser.ts'
import { PASSWORD, startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

t.test('[ROOM92] J and K move the focus from message to message, and write letters in the message box', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  for (let index = 1; index <= 12; index += 1) {
    const message = { message: `number ${index}\n${'more\n'.repeat(6)}` }
    await warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, message)
  }
  const { page, context } = await warRoom.openAsEngineer('ada', event_id)
  /** Waits until the message with this text has the focus and is completely visible. */
  const waitForFocus = (text: string) =>
    page.waitForFunction((expectedText) => {
      const focused = document.activeElement
      if (!focused?.matches('.message:focus-visible') || !focused.textContent?.includes(expectedText)) return false
      const messageBox = focused.getBoundingClientRect()
      const listBox = focused.closest('.rows')?.getBoundingClientRect()
      return listBox && messageBox.top >= listBox.top - 1 && messageBox.bottom <= listBox.bottom + 1
    }, text)
  await page.locator('.message', { hasText: 'number 12' }).waitFor()
  await page.locator('.composer textarea').focus()
  await page.keyboard.type('jk')
  t.equal(await page.locator('.composer textarea').inputValue(), 'jk')
  await page.locator('.rows').focus()
  await page.keyboard.press('k')
  await waitForFocus('number 12')
  for (let index = 11; index >= 1; index -= 1) {
    await page.keyboard.press('k')
    await waitForFocus(`number ${index}\n`)
  }
  await page.keyboard.press('j')
  await waitForFocus('number 2\n')
  t.same(await listViolations(page), [])
  await context.close()
})

t.test('[ROOM93] one click on “Queues” opens the board of the queues', async (t) => {
  await warRoom.createUser('root-q', 'admin')
  const { page, context } = await visit(warRoom.browser, warRoom.proxy.url)
  await signIn(page, 'root-q', PASSWORD)
  await page.goto(`${warRoom.proxy.url}/#/users`)
  const [board] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('button', { name: 'Queues' }).click(),
  ])
  await board.waitForURL(/\/admin\/queues/)
  await board.getByText('Engineer Chat').first().waitFor()
  t.equal(await board.evaluate(() => opener), null, 'the board has no access to the page that opened it')
  t.same(await listViolations(page), [])
  await saveScreenshot(page, 'queues')
  await context.close()
})

t.test('[ROOM94] a list of events that loads slowly has a skeleton until it is loaded', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('bea')
  const { promise: eventsAllowed, resolve: allowEvents } = Promise.withResolvers<void>()
  await page.route(/\/api\/events/, async (route) => {
    await eventsAllowed
    await route.continue()
  })
  await page.reload()
  const skeleton = page.locator('.events .skeleton-rows')
  await skeleton.waitFor()
  t.equal(await page.locator('.events').getAttribute('aria-busy'), 'true')
  t.equal(
    await skeleton.evaluate((element) => getComputedStyle(element).animationDelay),
    '0.15s',
    'a list that loads fast shows no skeleton',
  )
  allowEvents()
  await page.locator('a.event').first().waitFor()
  t.equal(await skeleton.count(), 0)
  await context.close()
})
