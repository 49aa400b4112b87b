import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

t.test('[EVENT10] an event’s label is chosen when it is opened, and shown by word in header and list', async (t) => {
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
  const item = page.locator('.sidebar .event', { hasText: 'Stolen laptop' })
  t.equal(await item.locator('.tlp').innerText(), 'TLP:AMBER+STRICT')
  t.same(await listViolations(page), [])
})

t.test(
  '[EVENT9] the list is filtered by a field, also beyond its first page, and shows all events again',
  async (t) => {
    const readNames = (page: typeof reader.page) => page.locator('.sidebar .event .name').allInnerTexts()
    const red = await warRoom.createEvent(warRoom.alice)
    await warRoom.alice.call(warRoom.getApiUrl(0), 'PATCH', `/api/events/${red}`, {
      tlp: 'red',
      event_name: 'Only this',
    })
    const rest = Array.from({ length: 51 }, () => warRoom.createEvent(warRoom.alice))
    const [last = red] = await Promise.all(rest)
    const reader = await warRoom.openAsEngineer('ben', last)
    t.teardown(() => reader.context.close())
    const firstPage = await warRoom.alice.call<{ items: Array<{ event_id: string }> }>(
      warRoom.getApiUrl(0),
      'GET',
      '/api/events',
    )
    t.notOk(firstPage.body.items.some(({ event_id }) => event_id === red))
    const filter = reader.page.locator('.filters [aria-label=TLP]')
    await filter.selectOption('red')
    await reader.page.locator('.sidebar .event', { hasText: 'Only this' }).waitFor()
    t.same(await readNames(reader.page), ['Only this'])
    await filter.selectOption('')
    await reader.page.locator('.sidebar .event').nth(49).waitFor()
  },
)
