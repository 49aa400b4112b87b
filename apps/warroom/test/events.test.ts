import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

t.test('[EVENT10] a label is chosen when an event is created, and shown by its name in header and list', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('ann', await warRoom.createEvent(warRoom.alice))
  t.teardown(() => context.close())
  await page.locator('.sidebar [aria-label="New event"]').click()
  const dialog = page.locator('dialog[open]')
  await dialog.locator('[name=event_name]').fill('Stolen laptop')
  await dialog.locator('[name=message]').fill('It was left in a train.')
  await dialog.locator('[name=tlp]').selectOption('amber+strict')
  await dialog.locator('button.primary').click()
  await page.locator('.room-header h1', { hasText: 'Stolen laptop' }).waitFor()
  t.equal(await page.locator('.room-header .tlp').innerText(), 'TLP:AMBER+STRICT')
  const listedEvent = page.locator('.sidebar .event', { hasText: 'Stolen laptop' })
  t.equal(await listedEvent.locator('.tlp').innerText(), 'TLP:AMBER+STRICT')
  t.same(await listViolations(page), [])
})

t.test(
  '[EVENT9] the list is filtered by a field, also beyond its first page, and shows all events again',
  async (t) => {
    const redEventId = await warRoom.createEvent(warRoom.alice)
    await warRoom.alice.call(warRoom.getApiUrl(0), 'PATCH', `/api/events/${redEventId}`, {
      tlp: 'red',
      event_name: 'Only this',
    })
    // The first page of the list has 50 events.
    const laterEventIds = Array.from({ length: 51 }, () => warRoom.createEvent(warRoom.alice))
    const [openedEventId = redEventId] = await Promise.all(laterEventIds)
    const reader = await warRoom.openAsEngineer('ben', openedEventId)
    t.teardown(() => reader.context.close())
    const firstPage = await warRoom.alice.call<{ items: Array<{ event_id: string }> }>(
      warRoom.getApiUrl(0),
      'GET',
      '/api/events',
    )
    t.notOk(
      firstPage.body.items.some(({ event_id }) => event_id === redEventId),
      'the red event is not on the first page',
    )
    const labelFilter = reader.page.locator('.filters [aria-label=TLP]')
    await labelFilter.selectOption('red')
    await reader.page.locator('.sidebar .event', { hasText: 'Only this' }).waitFor()
    const shownNames = await reader.page.locator('.sidebar .event .name').allInnerTexts()
    t.same(shownNames, ['Only this'])
    await labelFilter.selectOption('')
    await reader.page.locator('.sidebar .event').nth(49).waitFor()
  },
)
