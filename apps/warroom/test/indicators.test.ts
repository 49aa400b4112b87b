import type { Page } from 'playwright-core'
import t from 'tap'
import { sendText, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const readIndicators = (page: Page, text: string) =>
  page.locator('.message', { hasText: text }).first().locator('.indicator').allInnerTexts()

t.test(
  '[ROOM7] posts, agents’ fields and answers show the server’s indicators, which can be opened and copied',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const { page, context } = await warRoom.openAsEngineer('ann', event_id)
    t.teardown(() => context.close())
    const messagesPath = `/api/events/${event_id}/messages`
    await warRoom.alice.call(warRoom.getApiUrl(0), 'POST', messagesPath, {
      message: 'a post of fe80::1 and evil.example',
    })
    await warRoom.agent.call(warRoom.getApiUrl(0), 'POST', messagesPath, {
      message_from: '_captain',
      message_type: 'command_result',
      round_id: 1,
      message_content: { found: { source_ip: '203.0.113.9' }, note: 'CVE-2024-3094' },
    })
    await page.locator('.message', { hasText: '203.0.113.9' }).waitFor()
    t.same(await readIndicators(page, 'a post of'), ['fe80::1', 'evil.example'])
    t.same(await readIndicators(page, '203.0.113.9'), ['203.0.113.9', 'CVE-2024-3094'])
    await sendText(page, '@AI who is bad.example')
    await page.locator('.message[data-kind=ai] .indicator').waitFor()
    t.same(await page.locator('.message[data-kind=ai] .indicator').allInnerTexts(), ['bad.example'])
    await page.locator('.message[data-kind=ai] .indicator').click()
    t.equal(await page.locator('dialog[open] .indicator-shown').innerText(), 'bad[.]example')
  },
)

t.test('[ROOM7] only addresses can be copied defanged; the dot of an ATT&CK id stays', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('cat', event_id)
  t.teardown(() => context.close())
  const values = ['T1059.001', 'CVE-2024-3094', '198.51.100.7', 'bad.example', 'eve@bad.example']
  const message = `seen: ${values.join(' , ')}`
  await warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
  await page.locator('.message', { hasText: 'seen:' }).waitFor()
  const dialog = page.locator('dialog[open]')
  const dialogs: [shownValue: string, buttons: string[]][] = []
  for (const value of values) {
    await page.locator('.message').getByText(value, { exact: true }).click()
    dialogs.push([
      await dialog.locator('.indicator-shown').innerText(),
      await dialog.locator('.button-row button').allInnerTexts(),
    ])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  }
  const bothButtons = ['Copy defanged', 'Copy as it is']
  t.same(dialogs, [
    ['T1059.001', ['Copy']],
    ['CVE-2024-3094', ['Copy']],
    ['198[.]51[.]100[.]7', bothButtons],
    ['bad[.]example', bothButtons],
    ['eve[@]bad[.]example', bothButtons],
  ])
})

t.test('[DECEPTIVE4] invisible characters get a mark in messages, names, titles and unsent texts', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  await warRoom.alice.call(warRoom.getApiUrl(0), 'PATCH', `/api/events/${event_id}`, {
    event_name: 'in\u202Evoice.exe',
  })
  const { page, context } = await warRoom.openAsEngineer('ben', event_id)
  t.teardown(() => context.close())
  const shownName = 'in⟨U+202E⟩voice.exe'
  await page.locator('.room-header h1', { hasText: shownName }).waitFor()
  await page.locator('.sidebar .event .name', { hasText: shownName }).waitFor()
  t.equal(
    (await page.title()).replace(/^\(\d+\) /, ''),
    `${shownName} · Engineer Chat`,
    'the title has the name after the unread count',
  )
  await sendText(page, 'see pa\u00ADypal.com `a\u200Bb` 👩‍👩‍👧')
  const message = page.locator('.message', { hasText: 'see pa⟨U+00AD⟩ypal.com a⟨U+200B⟩b 👩‍👩‍👧' })
  await message.waitFor()
  t.equal(await message.locator('.indicator').count(), 0, 'a part of a domain name is not marked as an indicator')
  await page.route(`**/api/events/${event_id}/messages`, (route) =>
    route.request().method() === 'POST' ? route.abort() : route.fallback(),
  )
  await sendText(page, 'un\u202Esent c\u200Bd')
  await page.locator('.unsent.waiting', { hasText: 'un⟨U+202E⟩sent c⟨U+200B⟩d' }).waitFor()
})
