import type { ListedEvent, Message, Person } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import {
  getComposer,
  getRecipient,
  sendText,
  switchToChinese,
  TEST_FILE_TIMEOUT_MS,
  waitForAnswerEnd,
} from '../testing/browser.ts'
import { insertMessages } from '../testing/insert-messages.ts'
import { setTabVisibility } from '../testing/tab-visibility.ts'
import { PASSWORD, startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

/** The first inserted message has this position. It must be above the positions of all messages posted before. */
const FIRST_INSERTED_POSITION = 50
/** The server asks the model “What changed since I last read?” for the command `/catchup`. */
const CATCH_UP_MARKER = 'last read'

/** Calls the API as alice. The path is relative to `/api/events/`. */
const callEventApi = <T>(method: string, path: string, body?: unknown) =>
  warRoom.alice.call<T>(warRoom.getApiUrl(0), method, `/api/events/${path}`, body)
const postMessage = (event_id: string, message: string) =>
  callEventApi<Message>('POST', `${event_id}/messages`, { message })
const getMessage = (page: Page, text: string) => page.locator('.message', { hasText: text })
const getUnreadText = (page: Page) => page.locator('[data-testid=unread] .news > span')
const getCatchUpButton = (page: Page) => page.locator('[data-testid=unread] .starter')
const waitForAnnouncement = (page: Page, text: string) =>
  page.locator('[data-testid=announcer]', { hasText: text }).waitFor()

/** Reads this person's unread count of the event from the server. */
async function readUnread(username: string, event_id: string): Promise<number | undefined> {
  const request = (path: string, init: RequestInit) => fetch(`${warRoom.getApiUrl(0)}${path}`, init)
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ username, password: PASSWORD })
  const loginResponse = await request('/api/auth/login', { method: 'POST', headers, body })
  const { access_token }: { access_token: string } = await loginResponse.json()
  const response = await request('/api/events?limit=100', { headers: { authorization: `Bearer ${access_token}` } })
  const { items }: { items: ListedEvent[] } = await response.json()
  return items.find((event) => event.event_id === event_id)?.unread
}

/** Hides the tab, lets others write until the page has the last text, and shows the tab again. */
async function receiveWhileHidden(page: Page, lastText: string, write: () => Promise<unknown>): Promise<void> {
  await setTabVisibility(page, 'hidden')
  await write()
  await getMessage(page, lastText).waitFor()
  await setTabVisibility(page, 'visible')
}

/** Makes the person with this name an observer of the event. */
async function makeObserver(event_id: string, name: string): Promise<void> {
  const { body } = await callEventApi<{ items: Person[] }>('GET', `${event_id}/people`)
  const person = body.items.find(({ username }) => username === name)
  await callEventApi('PUT', `${event_id}/members/${person?.user_id}`, { role: 'observer' })
}

t.test('[ROOM97] one press on the unread line asks for a catch-up that only the reader sees', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  await postMessage(event_id, 'seen before')
  const [ann, ben] = [await warRoom.openAsEngineer('ann', event_id), await warRoom.openAsEngineer('ben', event_id)]
  const { page } = ann
  await getMessage(page, 'seen before').waitFor()
  await getComposer(page).fill('half a sentence')
  let unreadInList: number | undefined
  await receiveWhileHidden(page, 'last news', async () => {
    await postMessage(event_id, 'first news')
    await callEventApi('PATCH', event_id, { severity: 'high' })
    await insertMessages(warRoom, event_id, { count: 2, firstPosition: FIRST_INSERTED_POSITION })
    await postMessage(event_id, 'last news')
    unreadInList = await readUnread('ann', event_id)
  })
  await getUnreadText(page).waitFor()
  t.equal(unreadInList, 4, 'two posts and two inserted messages, without the change of the event')
  const firstTime = getMessage(page, 'first news').locator('time').first()
  t.equal(await getUnreadText(page).innerText(), `4 new since ${await firstTime.innerText()}`)
  await page.locator('.room-header .clock').click()
  t.match(await getUnreadText(page).innerText(), /^4 new since \d\d:\d\d UTC$/, 'the time is in the chosen clock')
  t.same(await listViolations(page), [])
  await waitForAnnouncement(page, '4 new')

  const pausedAnswer = warRoom.model.pauseAfterFirstDelta(CATCH_UP_MARKER)
  await getCatchUpButton(page).focus()
  await page.keyboard.press('Enter')
  await waitForAnnouncement(page, 'Asked the AI, only you see it: /catchup')
  t.ok(await page.evaluate(() => document.activeElement?.matches('.rows')), 'the focus is in the timeline')
  await pausedAnswer.started
  await getCatchUpButton(page).filter({ hasText: 'Catching up…' }).waitFor()
  t.equal(await getCatchUpButton(page).getAttribute('aria-disabled'), 'true')
  await getCatchUpButton(page).click({ force: true }) // Playwright would wait until it is enabled.
  pausedAnswer.resume()
  await waitForAnswerEnd(page)
  t.equal(await page.locator('.message.own[data-kind=ai]').count(), 1, 'the answer belongs to the reader')
  await getCatchUpButton(page).filter({ hasText: 'To your catch-up' }).click()
  await page.locator('.message.jump-target[data-kind=ai]').waitFor()

  const { body } = await callEventApi<{ messages: Message[] }>('GET', `${event_id}/messages`)
  t.notOk(body.messages.some(({ message_category }) => message_category === 'engineer_chat'))
  t.equal(await ben.page.locator('.message.engineer_chat').count(), 0)
  t.equal(warRoom.model.calls.length, 1, 'the second press sent no question')
  t.equal(await getComposer(page).inputValue(), 'half a sentence')
  t.equal(await getRecipient(page).inputValue(), 'room', 'the text in the box keeps its recipient')
  t.same(ann.errors, [])
  await Promise.all([ann.context.close(), ben.context.close()])
})

t.test(
  '[ROOM97] unread messages that are older than the newest page are also counted, as far as they are loaded',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    await postMessage(event_id, 'seen before')
    const { page, context } = await warRoom.openAsEngineer('cal', event_id, { locale: 'zh-CN' })
    t.teardown(() => context.close())
    await getMessage(page, 'seen before').waitFor()
    await page.goto(`${warRoom.proxy.url}/#/`)
    await page.locator('.rows').waitFor({ state: 'detached' })
    const { body } = await postMessage(event_id, 'the first of many')
    const timeFormat = new Intl.DateTimeFormat('zh-CN', { timeStyle: 'short', timeZone: 'Asia/Shanghai' })
    const time = timeFormat.format(new Date(body.created_at))
    await insertMessages(warRoom, event_id, { count: 400, firstPosition: FIRST_INSERTED_POSITION })
    await page.goto('about:blank') // A change of the hash alone would not load the page again.
    await page.goto(`${warRoom.proxy.url}/#/events/${event_id}`)
    // While older messages load, the page shows the number of the loaded ones with a plus sign. The timeline does not
    // render the line while it is out of view, so only the last text is stable.
    await getUnreadText(page).filter({ hasText: '401' }).waitFor()
    await getCatchUpButton(page).filter({ hasText: '速览近况' }).waitFor()
    t.equal(await getUnreadText(page).innerText(), `自 ${time} 起有 401 条新消息`)
  },
)

t.test('[ROOM97] the page shows observers why they can’t ask for a catch-up', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  await postMessage(event_id, 'seen before')
  const { page, context } = await warRoom.openAsEngineer('dan', event_id)
  t.teardown(() => context.close())
  await page.locator('.command-buttons').waitFor()
  await makeObserver(event_id, 'dan')
  await page.reload()
  await getMessage(page, 'seen before').waitFor()
  await receiveWhileHidden(page, 'news', () => postMessage(event_id, 'news'))
  await getCatchUpButton(page).and(page.locator('[aria-disabled=true]')).click({ force: true })
  await page.locator('.toast', { hasText: 'Observers read and don’t ask the AI' }).waitFor()
  t.equal(await page.locator('.unsent, .message.engineer_chat').count(), 0)
  t.equal(await page.locator('.command-buttons').count(), 0)
})

t.test('[ROOM98] below an empty box, buttons offer three commands; a press writes one into the box', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('eve')
  t.teardown(() => context.close())
  const buttons = page.locator('.command-buttons button')
  await buttons.first().waitFor()
  t.same(await buttons.allInnerTexts(), ['/summary', '/catchup', '/handover'])
  const measureHeight = () => page.locator('.composer').evaluate((composer) => composer.getBoundingClientRect().height)
  const heightBefore = await measureHeight()
  await buttons.filter({ hasText: '/handover' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.matches('.composer textarea'))
  t.equal(await getComposer(page).inputValue(), '/handover ')
  t.equal(await buttons.count(), 0)
  await page.locator('.under .keys').waitFor()
  t.equal(await measureHeight(), heightBefore, 'the composer keeps its height')
  await getComposer(page).fill('')
  await switchToChinese(page)
  t.same(await buttons.allInnerTexts(), ['/总结', '/近况', '/交接'])
  t.same(await listViolations(page), [])
})

t.test('[ROOM98] on a phone a button opens the menu of commands', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('fay')
  t.teardown(() => context.close())
  await page.setViewportSize({ width: 390, height: 844 })
  await page.reload()
  const commandOptions = page.locator('.suggestions [role=option]')
  const openMenu = async () => {
    await page.locator('.composer .commands').click()
    await commandOptions.filter({ hasText: '/catchup' }).waitFor()
  }
  await openMenu()
  await page.keyboard.press('Escape')
  await getComposer(page).fill('')
  await openMenu()
  t.equal(await page.locator('.composer .commands').count(), 0, 'the button is hidden while the box has text')
  t.same(await listViolations(page), [])
  await commandOptions.filter({ hasText: '/catchup' }).click()
  t.equal(await getComposer(page).inputValue(), '/catchup ')
})

t.test('[ROOM99] an empty room suggests first questions, a first message and members', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { severity: 'critical' })
  const [gil, hal] = [await warRoom.openAsEngineer('gil', event_id), await warRoom.openAsEngineer('hal', event_id)]
  const getRoomStart = (page: Page) => page.locator('.room-start')
  await getRoomStart(gil.page).waitFor()
  t.same(await getRoomStart(gil.page).locator('button').allInnerTexts(), [
    'What should we contain first?',
    'Which evidence should we secure first?',
    'Summarise what is known',
    'Write the first message',
  ])
  t.same(await listViolations(gil.page), [])

  await gil.page.locator('.room-start button', { hasText: 'contain first' }).focus()
  await gil.page.keyboard.press('Enter')
  await getMessage(gil.page, 'Answer to: What should we contain first?').waitFor()
  t.equal(await getRoomStart(gil.page).count(), 0)
  t.equal(await getRecipient(gil.page).inputValue(), 'private', 'a follow-up stays private')
  t.ok(await getRoomStart(hal.page).isVisible(), 'for others the room is empty')

  await getRecipient(hal.page).selectOption('shared')
  await getRoomStart(hal.page).locator('button', { hasText: 'Write the first message' }).click()
  t.equal(await getRecipient(hal.page).inputValue(), 'room')
  t.ok(await getComposer(hal.page).evaluate((box) => box === document.activeElement))
  await sendText(hal.page, 'I take it')
  await getMessage(gil.page, 'I take it').waitFor()
  t.equal(await getRoomStart(hal.page).count(), 0)
  await Promise.all([gil.context.close(), hal.context.close()])
})

t.test(
  '[ROOM99] a manager adds members from the empty room, and the tab of sessions offers first questions',
  async (t) => {
    const { page, context } = await warRoom.openAsEngineer('ida')
    t.teardown(() => context.close())
    const event_id = await page.evaluate(createOwnEvent)
    await page.goto(`${warRoom.proxy.url}/#/events/${event_id}`)
    await page.locator('.room-start button', { hasText: 'Add members' }).click()
    await page.locator('dialog[open] .members').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.details [role=tab]', { hasText: 'Sessions' }).click()
    const firstQuestion = page.locator('.details .starter', { hasText: 'false alarm' })
    await firstQuestion.waitFor()
    await page.locator('.details button', { hasText: 'New session' }).click()
    await page.locator('dialog[open] button', { hasText: 'Start session' }).click()
    await page.locator('.details .session summary').click()
    t.same(await listViolations(page), [])
    await firstQuestion.click()
    await getMessage(page, 'Answer to: How do we find out').waitFor()
    await page.locator('.details .session', { hasText: 'round 1 of' }).waitFor()
    t.equal(await page.locator('.details .starter').count(), 0)
  },
)

/** Runs in the page: creates an event as the page's user, who becomes its commander. */
async function createOwnEvent(): Promise<string> {
  const refreshResponse = await fetch('/api/auth/refresh', { method: 'POST' })
  const { access_token } = await refreshResponse.json()
  const event = { event_name: 'Their own', message: 'A login from afar', severity: 'low', source: 'SIEM' }
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }
  const createResponse = await fetch('/api/events', { method: 'POST', headers, body: JSON.stringify(event) })
  const { event_id }: { event_id: string } = await createResponse.json()
  return event_id
}
