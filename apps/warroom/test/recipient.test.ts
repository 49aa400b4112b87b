import type { ChatSession, Message } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { isAiMentionComplete, parseAddressee, removeAiMentions } from '../src/text/addressee.ts'
import { listViolations } from '../testing/axe.ts'
import { getComposer, getRecipient, goToRoom, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const typeAndSend = async (page: Page, text: string) => {
  await getComposer(page).pressSequentially(text)
  await getComposer(page).press('Enter')
}
const getAnswer = (page: Page, text: string) => page.locator('.message[data-kind=ai]', { hasText: text })
const waitForRecipient = (page: Page, name: string) =>
  page.locator(`.composer.for-${name} .recipient.${name}`).waitFor()
const readBorderColour = (page: Page) =>
  page.locator('.composer .box').evaluate((box) => getComputedStyle(box).borderTopColor)

t.test(
  '[ROOM60] the AI stays the recipient of follow-up questions, also after a reload; other rooms are not affected',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const otherEventId = await warRoom.createEvent(warRoom.alice)
    const { page, context, errors } = await warRoom.openAsEngineer('ada', event_id)
    await waitForRecipient(page, 'room')
    await getComposer(page).pressSequentially('@AI')
    t.equal(await getRecipient(page).inputValue(), 'private', 'the recipient changes while the mention is typed')
    await typeAndSend(page, ' who was it?')
    await getAnswer(page, 'who was it?').waitFor()
    await waitForRecipient(page, 'private')
    await typeAndSend(page, 'and when?')
    await getAnswer(page, 'and when?').waitFor()

    await page.reload()
    await waitForRecipient(page, 'private')
    await page.locator('.to', { hasText: 'round 2 of' }).waitFor()
    await goToRoom(page, warRoom.proxy.url, otherEventId)
    await waitForRecipient(page, 'room')
    await goToRoom(page, warRoom.proxy.url, event_id)
    await waitForRecipient(page, 'private')

    const secondTab = await context.newPage()
    await goToRoom(secondTab, warRoom.proxy.url, event_id)
    await waitForRecipient(secondTab, 'private')
    await getRecipient(page).selectOption('room')
    await waitForRecipient(secondTab, 'room')
    t.same(errors, [])
    await context.close()
  },
)

t.test('[ROOM60] Alt+J changes the recipient, and private and shared questions have separate sessions', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const [bea, cyd] = [await warRoom.openAsEngineer('bea', event_id), await warRoom.openAsEngineer('cyd', event_id)]
  const { page } = bea
  const borderColours = [await readBorderColour(page)]
  await getComposer(page).press('Alt+KeyJ')
  await waitForRecipient(page, 'private')
  await page.locator('[data-testid=announcer]', { hasText: 'To: AI · only me' }).waitFor()
  borderColours.push(await readBorderColour(page))
  await typeAndSend(page, 'a secret one')
  await getAnswer(page, 'a secret one').waitFor()
  await getComposer(page).press('Alt+KeyJ')
  await waitForRecipient(page, 'shared')
  borderColours.push(await readBorderColour(page))
  t.equal(new Set(borderColours).size, 3, 'each recipient has a different border')
  t.same(await listViolations(page), [])
  await typeAndSend(page, 'one for all')
  await getAnswer(cyd.page, 'one for all').waitFor()
  await getComposer(page).press('Alt+KeyJ')
  await waitForRecipient(page, 'room')
  await typeAndSend(page, 'a plain post')
  await cyd.page.locator('.message.room', { hasText: 'a plain post' }).waitFor()
  await getRecipient(page).selectOption('private')
  await typeAndSend(page, 'a second secret')
  await getAnswer(page, 'a second secret').waitFor()
  t.equal(await cyd.page.locator('.message', { hasText: 'secret' }).count(), 0)

  const { body } = await warRoom.alice.call<{ messages: Message[] }>(
    warRoom.getApiUrl(0),
    'GET',
    `/api/events/${event_id}/messages?limit=100`,
  )
  t.same(
    body.messages.map(({ message_category, visibility }) => `${message_category} ${visibility}`),
    ['engineer_chat room', 'engineer_chat room', 'room room'],
    'alice sees nothing of the private session',
  )
  const sessions = await page.evaluate(async (id) => {
    const refreshResponse = await fetch('/api/auth/refresh', { method: 'POST' })
    const { access_token } = await refreshResponse.json()
    const sessionsResponse = await fetch(`/api/engineer-chat/sessions?event_id=${id}`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    const { items }: { items: ChatSession[] } = await sessionsResponse.json()
    return items.map(({ visibility, active, rounds }) => `${visibility} ${active} ${rounds}`).sort()
  }, event_id)
  t.same(sessions, ['private true 2', 'room true 1'])
  await Promise.all([bea.context.close(), cyd.context.close()])
})

t.test(
  '[ROOM60] a mention is removed from a text for the room, and a command of the AI can’t be sent to the room',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const { page, context } = await warRoom.openAsEngineer('dan', event_id, { locale: 'zh-CN' })
    await getComposer(page).fill('@AI @ai：谁干的')
    await waitForRecipient(page, 'private')
    t.same(await getRecipient(page).locator('option').allInnerTexts(), ['房间', 'AI · 仅自己', 'AI · 共享'])
    await getRecipient(page).selectOption('room')
    t.equal(await getComposer(page).inputValue(), '谁干的')
    await getComposer(page).press('Enter')
    await page.locator('.message.room', { hasText: '谁干的' }).waitFor()

    await getComposer(page).fill('/summary')
    await waitForRecipient(page, 'private')
    t.ok(await getRecipient(page).locator('option[value=room]').isDisabled())
    await getComposer(page).press('Alt+KeyJ')
    await waitForRecipient(page, 'shared')
    await getComposer(page).press('Alt+KeyJ')
    await waitForRecipient(page, 'private')
    t.same(await listViolations(page), [])
    await context.close()
  },
)

t.test(
  '[ROOM60] a mention is complete when the next character cannot continue the word; choosing the room removes mentions',
  async (t) => {
    for (const text of ['@AI ', '＠ＡＩ：', '@ai, x', '@AI我们']) t.ok(isAiMentionComplete(text), text)
    for (const text of ['@AI', '@AIM', '@a', 'x @AI y', '']) t.notOk(isAiMentionComplete(text), text)
    t.equal(removeAiMentions('  @AI, @AI who?'), 'who?')
    t.equal(removeAiMentions('ask @AI'), 'ask @AI')
    t.match(parseAddressee('plain words', 'ai'), { to: 'ai', question: 'plain words' })
    t.same(parseAddressee('/utc', 'ai'), { to: 'page', command: 'utc' })
    t.match(parseAddressee('/summery', 'ai'), { to: 'ai', meantCommand: 'summary' })
    t.same(parseAddressee(' ', 'ai'), { to: 'nobody' })
  },
)
