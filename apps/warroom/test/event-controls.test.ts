import type { Message } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { goToRoom, signIn, TEST_FILE_TIMEOUT_MS, visit } from '../testing/browser.ts'
import { PASSWORD, startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const apiUrl = warRoom.getApiUrl(0)

async function findUserId(name: string): Promise<string> {
  const { body } = await warRoom.admin.call<{ items: Array<{ user_id: string; username: string }> }>(
    apiUrl,
    'GET',
    '/api/users?limit=100',
  )
  return body.items.find(({ username }) => username === name)?.user_id ?? ''
}

/** Lists the items of the open menu that are cut off by the menu's edges. */
const listCutOffItems = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const menu = document.querySelector('[role=menu]:popover-open')
    if (!menu) return ['no menu is open']
    const { right, bottom } = menu.getBoundingClientRect()
    const isCutOff = (item: Element) => {
      const box = item.getBoundingClientRect()
      return box.right > right || box.bottom > bottom
    }
    return [...menu.children].filter(isCutOff).map((item) => item.textContent)
  })

t.test('[ROOM80] severity, status and label are changed by mouse and by key, in both languages', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { severity: 'high', event_name: 'Stolen laptop' })
  const [ann, ben] = [await warRoom.openAsEngineer('ann', event_id), await warRoom.openAsEngineer('ben', event_id)]
  t.teardown(() => Promise.all([ann.context.close(), ben.context.close()]))
  const header = ann.page.locator('.room-header')
  const getChangeRows = (page: Page) => page.locator('.message.change')

  await header.locator('[aria-label="Severity: High"]').click()
  await ann.page.locator('[role=menuitemradio]', { hasText: 'Critical' }).click()
  await getChangeRows(ben.page).filter({ hasText: 'ann changed the severity from High to Critical' }).waitFor()
  await ben.page.locator('.room-header [aria-label="Severity: Critical"]').waitFor()

  await header.locator('[aria-label="Severity: Critical"]').focus()
  await ann.page.keyboard.press('Enter')
  await ann.page.locator('[role=menuitemradio][aria-checked=true]:focus').waitFor()
  t.same(await listViolations(ann.page), [])
  t.same(await listCutOffItems(ann.page), [], 'each choice is visible without scrolling')
  await ann.page.keyboard.press('ArrowUp')
  await ann.page.keyboard.press('Enter')
  await getChangeRows(ben.page).filter({ hasText: 'from Critical to High' }).waitFor()
  await ann.page.locator('.toast', { hasText: 'from Critical to High' }).locator('button', { hasText: 'Undo' }).click()
  await getChangeRows(ben.page).filter({ hasText: 'from High to Critical' }).nth(1).waitFor()

  await header.locator('[aria-label="TLP: TLP:AMBER"]').click()
  const lowerLabel = ann.page.locator('[role=menuitemradio]', { hasText: 'TLP:GREEN' })
  t.equal(
    await lowerLabel.getAttribute('aria-disabled'),
    'true',
    'a user who does not manage the event cannot lower the label',
  )
  await ann.page.locator('[role=menuitemradio]', { hasText: 'TLP:RED' }).click()
  await getChangeRows(ann.page).filter({ hasText: 'the label from TLP:AMBER to TLP:RED' }).waitFor()
  t.equal(await ben.page.locator('[data-testid=unread]').count(), 0, 'changes of the event do not count as unread')
  t.same([...ann.errors, ...ben.errors, ...ann.externalRequests], [])
})

t.test('[ROOM80] closing the event and lowering its label ask first; the name is edited in the header', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { event_name: 'Odd mail' })
  const { page, context } = await warRoom.openAsEngineer('cleo', event_id)
  t.teardown(() => context.close())
  await warRoom.alice.call(apiUrl, 'PUT', `/api/events/${event_id}/members/${await findUserId('cleo')}`, {
    role: 'commander',
  })
  await page.reload()
  const changeRows = page.locator('.message.change')
  const dialog = page.locator('dialog[open]')

  await page.locator('.room-header [aria-label="Status: Pending"]').click()
  const offeredStatuses = await page.locator('[role=menuitemradio]').allInnerTexts()
  t.same(
    offeredStatuses.map((status) => status.trim()),
    ['Pending', 'Processing', 'Resolved', 'Closed'],
    'the statuses that agents set are not offered',
  )
  await page.locator('[role=menuitemradio]', { hasText: 'Closed' }).click()
  t.same(await listViolations(page), [])
  await dialog.locator('button', { hasText: 'Keep it as it is' }).click()
  t.equal(await changeRows.count(), 0)
  await page.locator('.room-header [aria-label="Status: Pending"]').click()
  await page.locator('[role=menuitemradio]', { hasText: 'Closed' }).click()
  await dialog.locator('button.danger').click()
  await changeRows.filter({ hasText: 'the status from Pending to Closed' }).waitFor()

  await page.locator('.room-header [aria-label="TLP: TLP:AMBER"]').click()
  await page.locator('[role=menuitemradio]', { hasText: 'TLP:CLEAR' }).click()
  await dialog.locator('button', { hasText: 'Lower to TLP:CLEAR' }).click()
  await changeRows.filter({ hasText: 'from TLP:AMBER to TLP:CLEAR' }).waitFor()

  await page.locator('.room-header [aria-label="Rename the event"]').click()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('Phishing of the board')
  await page.keyboard.press('Enter')
  await page.locator('.room-header h1', { hasText: 'Phishing of the board' }).waitFor()
  await changeRows.filter({ hasText: 'renamed the event from “Odd mail” to “Phishing of the board”' }).waitFor()
})

t.test(
  '[ROOM81] a manager finds members by name, gives them a role and removes them; others only read the list',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice, { event_name: 'Leak' })
    await warRoom.createUser('dora')
    const { page, context } = await warRoom.openAsEngineer('emil', event_id)
    t.teardown(() => context.close())
    const reader = await warRoom.openAsEngineer('finn', event_id)
    t.teardown(() => reader.context.close())
    await warRoom.alice.call(apiUrl, 'PUT', `/api/events/${event_id}/members/${await findUserId('emil')}`, {
      role: 'commander',
    })
    await page.reload()
    // This control shows the number of members and opens their list.
    await page.locator('.room-header .control:not([aria-haspopup])', { hasText: '2' }).click()
    const dialog = page.locator('dialog[open]')
    await dialog.locator('[type=search]').fill('dor')
    await dialog.locator('[aria-label="Add dora"]').click()
    const dorasRow = dialog.locator('.members > ul li', { hasText: 'dora' })
    await dorasRow.waitFor()
    t.same(await listViolations(page), [])
    await dorasRow.locator('select').selectOption('observer')
    await page.waitForFunction(
      () => document.querySelector<HTMLSelectElement>('[aria-label="Role of dora"]')?.value === 'observer',
    )
    const dora = await visit(warRoom.browser, warRoom.proxy.url)
    t.teardown(() => dora.context.close())
    await signIn(dora.page, 'dora', PASSWORD)
    await dora.page.goto(`${warRoom.proxy.url}/#/events/${event_id}`)
    await dora.page.locator('.room-header .control').first().waitFor()
    t.equal(await dora.page.locator('.room-header [aria-haspopup=menu]').count(), 0, 'an observer has no control')
    await dorasRow.locator('[aria-label="Remove dora"]').click()
    await dorasRow.waitFor({ state: 'detached' })

    await reader.page.locator('.room-header .control:not([aria-haspopup])').click()
    const readersDialog = reader.page.locator('dialog[open]')
    await readersDialog.locator('.members > ul li', { hasText: 'emil' }).waitFor()
    t.equal(await readersDialog.locator('select, input').count(), 0)
  },
)

t.test('[ROOM103] an observer can neither ask nor reply nor pin, by mouse or by key', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { event_name: 'Watched' })
  const eventPath = `/api/events/${event_id}`
  const { body: postedMessage } = await warRoom.alice.call<Message>(apiUrl, 'POST', `${eventPath}/messages`, {
    message: 'the host is ours',
  })
  await warRoom.alice.call(apiUrl, 'PUT', `${eventPath}/pins/${postedMessage.message_id}`)
  await warRoom.createUser('gwen')
  await warRoom.alice.call(apiUrl, 'PUT', `${eventPath}/members/${await findUserId('gwen')}`, { role: 'observer' })
  const { page, context } = await visit(warRoom.browser, warRoom.proxy.url)
  t.teardown(() => context.close())
  await signIn(page, 'gwen', PASSWORD)
  await goToRoom(page, warRoom.proxy.url, event_id)
  const message = page.locator('.message', { hasText: 'the host is ours' })
  // The page shows this control when it has loaded the members, and so knows the observer's rights.
  await page.locator('.room-header .control').first().waitFor()
  await message.hover()
  const buttonLabels = await message
    .locator('.actions > button')
    .evaluateAll((buttons) => buttons.map((button) => button.ariaLabel))
  t.same(buttonLabels, ['Copy text', 'More'])
  await message.locator('.text').evaluate((text) => getSelection()?.selectAllChildren(text))
  await page.locator('.selection-bar').waitFor()
  t.same(await page.locator('.selection-bar button').allInnerTexts(), ['Copy'])
  for (const key of ['a', 'r']) await page.keyboard.press(key)
  await page.locator('.selection-bar').waitFor()
  t.equal(await page.locator('.draft-quote').count(), 0)
  await page.locator('[role=tab]', { hasText: 'Evidence' }).click()
  await page.locator('.evidence-item').waitFor()
  t.equal(await page.locator('.evidence-item button').count(), 0)
})
