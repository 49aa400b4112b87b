import type { ChatSession, Message } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { isMentionTyped, parseAddressee, withoutMentions } from '../src/text/addressee.ts'
import { listViolations } from '../testing/axe.ts'
import { enterRoom, getComposer, getRecipient } from '../testing/browser.ts'
import { openWarRoom } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(180_000)
t.teardown(() => room.stop())

const send = async (page: Page, text: string) => {
  await getComposer(page).pressSequentially(text)
  await getComposer(page).press('Enter')
}
const answer = (page: Page, text: string) => page.locator('.message[data-kind=ai]', { hasText: text })
const isChosen = (page: Page, name: string) => page.locator(`.composer.for-${name} .recipient.${name}`).waitFor()
const readBorder = (page: Page) =>
  page.locator('.composer .box').evaluate((box) => getComputedStyle(box).borderTopColor)

t.test(
  '[ROOM60] the recipient stays while one follows up, also across a reload, and is the room elsewhere',
  async (t) => {
    const [event_id, elsewhere] = [await room.createEvent(room.alice), await room.createEvent(room.alice)]
    const { page, context, errors } = await room.openAsEngineer('ada', event_id)
    await isChosen(page, 'room')
    await getComposer(page).pressSequentially('@AI')
    t.equal(await getRecipient(page).inputValue(), 'private', 'it is shown at once')
    await send(page, ' who was it?')
    await answer(page, 'who was it?').waitFor()
    await isChosen(page, 'private')
    await send(page, 'and when?')
    await answer(page, 'and when?').waitFor()

    await page.reload()
    await isChosen(page, 'private')
    await page.locator('.to', { hasText: 'round 2 of' }).waitFor()
    await enterRoom(page, room.front.url, elsewhere)
    await isChosen(page, 'room')
    await enterRoom(page, room.front.url, event_id)
    await isChosen(page, 'private')

    const second = await context.newPage()
    await enterRoom(second, room.front.url, event_id)
    await isChosen(second, 'private')
    await getRecipient(page).selectOption('room')
    await isChosen(second, 'room')
    t.same(errors, [])
    await context.close()
  },
)

t.test('[ROOM60] a key changes the recipient, and each goes on with a session of its own', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const [bea, cyd] = [await room.openAsEngineer('bea', event_id), await room.openAsEngineer('cyd', event_id)]
  const { page } = bea
  const borders = [await readBorder(page)]
  await getComposer(page).press('Alt+KeyJ')
  await isChosen(page, 'private')
  await page.locator('[data-testid=announcer]', { hasText: 'To: AI · only me' }).waitFor()
  borders.push(await readBorder(page))
  await send(page, 'a secret one')
  await answer(page, 'a secret one').waitFor()
  await getComposer(page).press('Alt+KeyJ')
  await isChosen(page, 'shared')
  borders.push(await readBorder(page))
  t.equal(new Set(borders).size, 3, 'each has a border of its own')
  t.same(await listViolations(page), [])
  await send(page, 'one for all')
  await answer(cyd.page, 'one for all').waitFor()
  await getComposer(page).press('Alt+KeyJ')
  await isChosen(page, 'room')
  await send(page, 'a plain post')
  await cyd.page.locator('.message.room', { hasText: 'a plain post' }).waitFor()
  await getRecipient(page).selectOption('private')
  await send(page, 'a second secret')
  await answer(page, 'a second secret').waitFor()
  t.equal(await cyd.page.locator('.message', { hasText: 'secret' }).count(), 0)

  const { body } = await room.alice.call<{ messages: Message[] }>(
    room.getApiUrl(0),
    'GET',
    `/api/events/${event_id}/messages?limit=100`,
  )
  t.same(
    body.messages.map(({ message_category, visibility }) => `${message_category} ${visibility}`),
    ['engineer_chat room', 'engineer_chat room', 'room room'],
    'alice sees nothing of the private session',
  )
  const sessions = await page.evaluate(async (id) => {
    const refreshed = await fetch('/api/auth/refresh', { method: 'POST' })
    const { access_token } = await refreshed.json()
    const list = await fetch(`/api/engineer-chat/sessions?event_id=${id}`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    const { items }: { items: ChatSession[] } = await list.json()
    return items.map(({ visibility, active, rounds }) => `${visibility} ${active} ${rounds}`).sort()
  }, event_id)
  t.same(sessions, ['private true 2', 'room true 1'])
  await Promise.all([bea.context.close(), cyd.context.close()])
})

t.test('[ROOM60] what is chosen for the room asks nobody, and a command of the AI can’t be posted', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('dan', event_id, { locale: 'zh-CN' })
  await getComposer(page).fill('@AI @ai：谁干的')
  await isChosen(page, 'private')
  t.same(await getRecipient(page).locator('option').allInnerTexts(), ['房间', 'AI · 仅自己', 'AI · 共享'])
  await getRecipient(page).selectOption('room')
  t.equal(await getComposer(page).inputValue(), '谁干的')
  await getComposer(page).press('Enter')
  await page.locator('.message.room', { hasText: '谁干的' }).waitFor()

  await getComposer(page).fill('/summary')
  await isChosen(page, 'private')
  t.ok(await getRecipient(page).locator('option[value=room]').isDisabled())
  await getComposer(page).press('Alt+KeyJ')
  await isChosen(page, 'shared')
  await getComposer(page).press('Alt+KeyJ')
  await isChosen(page, 'private')
  t.same(await listViolations(page), [])
  await context.close()
})

t.test('[ROOM60] a mention counts when a separator ends it, and is removed for the room', async (t) => {
  for (const text of ['@AI ', '＠ＡＩ：', '@ai, x', '@AI我们']) t.ok(isMentionTyped(text), text)
  for (const text of ['@AI', '@AIM', '@a', 'x @AI y', '']) t.notOk(isMentionTyped(text), text)
  t.equal(withoutMentions('  @AI, @AI who?'), 'who?')
  t.equal(withoutMentions('ask @AI'), 'ask @AI')
  t.match(parseAddressee('plain words', 'ai'), { to: 'ai', question: 'plain words' })
  t.same(parseAddressee('/utc', 'ai'), { to: 'page', command: 'utc' })
  t.match(parseAddressee('/summery', 'ai'), { to: 'ai', meantCommand: 'summary' })
  t.same(parseAddressee(' ', 'ai'), { to: 'nobody' })
})
