import type { ListedEvent, Message, Person } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { getComposer, getRecipient, sendText, switchToChinese } from '../testing/browser.ts'
import { setVisibility } from '../testing/hide-tab.ts'
import { insertMessages } from '../testing/insert-messages.ts'
import { openWarRoom, PASSWORD } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

const call = <T>(method: string, path: string, body?: unknown) =>
  room.alice.call<T>(room.getApiUrl(0), method, `/api/events/${path}`, body)
const post = (event_id: string, message: string) => call<Message>('POST', `${event_id}/messages`, { message })
const withText = (page: Page, text: string) => page.locator('.message', { hasText: text })
const news = (page: Page) => page.locator('[data-testid=unread] .news > span')
const catchUp = (page: Page) => page.locator('[data-testid=unread] .starter')
const announced = (page: Page, text: string) => page.locator('[data-testid=announcer]', { hasText: text }).waitFor()

/** Reads from the server what the list of events counts for this person. */
async function readUnread(username: string, event_id: string): Promise<number | undefined> {
  const request = (path: string, init: RequestInit) => fetch(`${room.getApiUrl(0)}${path}`, init)
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ username, password: PASSWORD })
  const signedIn = await request('/api/auth/login', { method: 'POST', headers, body })
  const { access_token }: { access_token: string } = await signedIn.json()
  const answer = await request('/api/events?limit=100', { headers: { authorization: `Bearer ${access_token}` } })
  const { items }: { items: ListedEvent[] } = await answer.json()
  return items.find((event) => event.event_id === event_id)?.unread
}

/** Leaves the tab, lets others write, and comes back. */
async function missRows(page: Page, lastText: string, write: () => Promise<unknown>): Promise<void> {
  await setVisibility(page, 'hidden')
  await write()
  await withText(page, lastText).waitFor()
  await setVisibility(page, 'visible')
}

async function putObserver(event_id: string, name: string): Promise<void> {
  const { body } = await call<{ items: Person[] }>('GET', `${event_id}/people`)
  const person = body.items.find(({ username }) => username === name)
  await call('PUT', `${event_id}/members/${person?.user_id}`, { role: 'observer' })
}

t.test('[ROOM97] one press on the unread line asks for a catch-up that only the reader sees', async (t) => {
  const event_id = await room.createEvent(room.alice)
  await post(event_id, 'seen before')
  const [ann, ben] = [await room.openAsEngineer('ann', event_id), await room.openAsEngineer('ben', event_id)]
  const { page } = ann
  await withText(page, 'seen before').waitFor()
  await getComposer(page).fill('half a sentence')
  let listed: number | undefined
  await missRows(page, 'last news', async () => {
    await post(event_id, 'first news')
    await call('PATCH', event_id, { severity: 'high' })
    await insertMessages(room, event_id, 2, 50)
    await post(event_id, 'last news')
    listed = await readUnread('ann', event_id)
  })
  await news(page).waitFor()
  t.equal(listed, 4)
  const first = withText(page, 'first news').locator('time').first()
  t.equal(await news(page).innerText(), `4 new since ${await first.innerText()}`)
  await page.locator('.room-header .clock').click()
  t.match(await news(page).innerText(), /^4 new since \d\d:\d\d UTC$/, 'in the reader’s clock')
  t.same(await listViolations(page), [])
  await announced(page, '4 new')

  const held = room.model.pauseAfterFirstPiece('last read')
  await catchUp(page).focus()
  await page.keyboard.press('Enter')
  await announced(page, 'Asked the AI, only you see it: /catchup')
  t.ok(await page.evaluate(() => document.activeElement?.matches('.rows')), 'the focus is in the timeline')
  await held.started
  await catchUp(page).filter({ hasText: 'Catching up…' }).waitFor()
  t.equal(await catchUp(page).getAttribute('aria-disabled'), 'true')
  await catchUp(page).click({ force: true }) // Playwright would wait until it is enabled.
  held.resume()
  await page.locator('.message.own[data-kind=ai] .facts').waitFor()
  await catchUp(page).filter({ hasText: 'To your catch-up' }).click()
  await page.locator('.message.marked[data-kind=ai]').waitFor()

  const { body } = await call<{ messages: Message[] }>('GET', `${event_id}/messages`)
  t.notOk(body.messages.some(({ message_category }) => message_category === 'engineer_chat'))
  t.equal(await ben.page.locator('.message.engineer_chat').count(), 0)
  t.equal(room.model.calls.length, 1, 'a second press asks nothing')
  t.equal(await getComposer(page).inputValue(), 'half a sentence')
  t.equal(await getRecipient(page).inputValue(), 'room', 'what was written goes to whom it was for')
  t.same(ann.errors, [])
  await Promise.all([ann.context.close(), ben.context.close()])
})

t.test('[ROOM97] what doesn’t fit the newest page is counted from its beginning, as far as it is known', async (t) => {
  const event_id = await room.createEvent(room.alice)
  await post(event_id, 'seen before')
  const { page, context } = await room.openAsEngineer('cal', event_id, { locale: 'zh-CN' })
  t.teardown(() => context.close())
  await withText(page, 'seen before').waitFor()
  await page.goto(`${room.front.url}/#/`)
  await page.locator('.rows').waitFor({ state: 'detached' })
  const { body } = await post(event_id, 'the first of many')
  const clock = new Intl.DateTimeFormat('zh-CN', { timeStyle: 'short', timeZone: 'Asia/Shanghai' })
  const time = clock.format(new Date(body.created_at))
  await insertMessages(room, event_id, 400, 50)
  await page.goto('about:blank')
  await page.goto(`${room.front.url}/#/events/${event_id}`)
  const counted = news(page).filter({ hasText: new RegExp(`^自 ${time} 起有 (\\d{3}\\+|401) 条新消息$`) })
  await counted.waitFor()
  await catchUp(page).filter({ hasText: '速览近况' }).waitFor()
  t.equal(await counted.count(), 1)
})

t.test('[ROOM97] observers are told why they can’t ask', async (t) => {
  const event_id = await room.createEvent(room.alice)
  await post(event_id, 'seen before')
  const { page, context } = await room.openAsEngineer('dan', event_id)
  t.teardown(() => context.close())
  await page.locator('.command-buttons').waitFor()
  await putObserver(event_id, 'dan')
  await page.reload()
  await withText(page, 'seen before').waitFor()
  await missRows(page, 'news', () => post(event_id, 'news'))
  await catchUp(page).and(page.locator('[aria-disabled=true]')).click({ force: true })
  await page.locator('.toast', { hasText: 'Observers read and don’t ask the AI' }).waitFor()
  t.equal(await page.locator('.unsent, .message.engineer_chat').count(), 0)
  t.equal(await page.locator('.command-buttons').count(), 0)
})

t.test('[ROOM98] below an empty box stand the commands of the AI; a press writes one into it', async (t) => {
  const { page, context } = await room.openAsEngineer('eve')
  t.teardown(() => context.close())
  const buttons = page.locator('.command-buttons button')
  await buttons.first().waitFor()
  t.same(await buttons.allInnerTexts(), ['/summary', '/catchup', '/handover'])
  const height = () => page.locator('.composer').evaluate((composer) => composer.getBoundingClientRect().height)
  const before = await height()
  await buttons.filter({ hasText: '/handover' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.matches('.composer textarea'))
  t.equal(await getComposer(page).inputValue(), '/handover ')
  t.equal(await buttons.count(), 0)
  await page.locator('.under .keys').waitFor()
  t.equal(await height(), before, 'nothing moves')
  await getComposer(page).fill('')
  await switchToChinese(page)
  t.same(await buttons.allInnerTexts(), ['/总结', '/近况', '/交接'])
  t.same(await listViolations(page), [])
})

t.test('[ROOM98] on a phone a button opens the menu of commands', async (t) => {
  const { page, context } = await room.openAsEngineer('fay')
  t.teardown(() => context.close())
  await page.setViewportSize({ width: 390, height: 844 })
  await page.reload()
  const items = page.locator('.suggestions [role=option]')
  for (const closes of [true, false]) {
    await page.locator('.composer .commands').click()
    await items.filter({ hasText: '/catchup' }).waitFor()
    if (closes) await page.keyboard.press('Escape')
    if (closes) await getComposer(page).fill('')
  }
  t.equal(await page.locator('.composer .commands').count(), 0, 'it goes once something is written')
  t.same(await listViolations(page), [])
  await items.filter({ hasText: '/catchup' }).click()
  t.equal(await getComposer(page).inputValue(), '/catchup ')
})

t.test('[ROOM99] an empty room suggests first questions, a first message and members', async (t) => {
  const event_id = await room.createEvent(room.alice, { severity: 'critical' })
  const [gil, hal] = [await room.openAsEngineer('gil', event_id), await room.openAsEngineer('hal', event_id)]
  const start = (page: Page) => page.locator('.room-start')
  await start(gil.page).waitFor()
  t.same(await start(gil.page).locator('button').allInnerTexts(), [
    'What should we contain first?',
    'Which evidence should we secure first?',
    'Summarise what is known',
    'Write the first message',
  ])
  t.same(await listViolations(gil.page), [])

  await gil.page.locator('.room-start button', { hasText: 'contain first' }).focus()
  await gil.page.keyboard.press('Enter')
  await withText(gil.page, 'Answer to: What should we contain first?').waitFor()
  t.equal(await start(gil.page).count(), 0)
  t.equal(await getRecipient(gil.page).inputValue(), 'private', 'a follow-up stays private')
  t.ok(await start(hal.page).isVisible(), 'for others nothing has been said')

  await getRecipient(hal.page).selectOption('shared')
  await start(hal.page).locator('button', { hasText: 'Write the first message' }).click()
  t.equal(await getRecipient(hal.page).inputValue(), 'room')
  t.ok(await getComposer(hal.page).evaluate((box) => box === document.activeElement))
  await sendText(hal.page, 'I take it')
  await withText(gil.page, 'I take it').waitFor()
  t.equal(await start(hal.page).count(), 0)
  await Promise.all([gil.context.close(), hal.context.close()])
})

t.test(
  '[ROOM99] who manages the event adds members from there; the tab of sessions offers first questions',
  async (t) => {
    const { page, context } = await room.openAsEngineer('ida')
    t.teardown(() => context.close())
    const event_id = await page.evaluate(openOwnEvent)
    await page.goto(`${room.front.url}/#/events/${event_id}`)
    await page.locator('.room-start button', { hasText: 'Add members' }).click()
    await page.locator('dialog[open] .members').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.details [role=tab]', { hasText: 'Sessions' }).click()
    const offered = page.locator('.details .starter', { hasText: 'false alarm' })
    await offered.waitFor()
    await page.locator('.details button', { hasText: 'New session' }).click()
    await page.locator('dialog[open] button', { hasText: 'Start session' }).click()
    await page.locator('.details .session summary').click()
    t.same(await listViolations(page), [])
    await offered.click()
    await withText(page, 'Answer to: How do we find out').waitFor()
    await page.locator('.details .session', { hasText: 'round 1 of' }).waitFor()
    t.equal(await page.locator('.details .starter').count(), 0)
  },
)

/** Opens an event as the person of the page, who then commands it. */
async function openOwnEvent(): Promise<string> {
  const refreshed = await fetch('/api/auth/refresh', { method: 'POST' })
  const { access_token } = await refreshed.json()
  const event = { event_name: 'Their own', message: 'A login from afar', severity: 'low', source: 'SIEM' }
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }
  const opened = await fetch('/api/events', { method: 'POST', headers, body: JSON.stringify(event) })
  const { event_id }: { event_id: string } = await opened.json()
  return event_id
}
