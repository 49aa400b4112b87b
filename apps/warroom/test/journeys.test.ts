import { PASSWORD as ADMIN_PASSWORD } from '@engineer-chat/proof'
import type { Message } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { enterRoom, getComposer, sendText, signIn, visit } from '../testing/browser.ts'
import { openWarRoom, PASSWORD } from '../testing/war-room.ts'

const room = await openWarRoom({ apis: 2, env: { ENGINEER_CHAT_MAX_ROUNDS: '3' } })
t.setTimeout(240_000)
t.teardown(() => room.stop())

const answers = (page: Page) => page.locator('.message[data-kind=ai]')
const withText = (page: Page, text: string) => page.locator('.message', { hasText: text })
const timeline = async (event_id = room.event_id) => {
  const path = `/api/events/${event_id}/messages?limit=100`
  return (await room.alice.call<{ messages: Message[] }>(room.getApiUrl(0), 'GET', path)).body.messages
}

t.test('[ROOM1] sign in, ask, and the answer streams; a reload asks for no password and shows the same', async (t) => {
  const { page, errors, outsideRequests, context } = await room.openAsEngineer('ada')
  const paused = room.model.pauseAfterFirstPiece('first-q')
  await sendText(page, '@AI first-q: what is contained?')
  await page.locator('.thinking .stop').waitFor()
  await paused.started
  await page.locator('.thinking .prose', { hasText: 'Answer' }).waitFor()
  t.match(await page.locator('.thinking .progress').innerText(), /Writing…[\s\S]*\d+ s[\s\S]*Stop/)
  paused.resume()
  await answers(page).filter({ hasText: 'Answer to: ' }).locator('.facts').waitFor()
  t.match(await answers(page).locator('.facts').innerText(), 'fake-1')
  t.match(await page.locator('[data-testid=announcer]').innerText(), /has answered: Answer to/)
  t.equal(await page.locator('.thinking').count(), 0)

  await page.reload()
  await answers(page).filter({ hasText: 'Answer to: ' }).waitFor()
  t.equal(await withText(page, 'first-q').count(), 2, 'one question, one answer')
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie)
  t.notMatch(stored, /ey[A-Za-z0-9_-]+\.|refresh_token/, 'no token where script could read it')
  t.same([errors, outsideRequests], [[], []])
  await context.close()
})

t.test('[ROOM2] nothing written is lost or doubled: no way out, a reload, an answer that never came', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('bea', event_id)
  const refuse = ['**/api/engineer-chat/send', `**/api/events/${event_id}/messages`]
  for (const url of refuse) {
    await page.route(url, (route) => (route.request().method() === 'POST' ? route.abort() : route.fallback()))
  }
  await sendText(page, 'plain-one')
  await sendText(page, '@AI asked-two')
  await page.locator('.unsent.waiting', { hasText: 'plain-one' }).waitFor()
  await getComposer(page).fill('a draft in the making')
  t.same((await timeline(event_id)).length, 0)
  await page.reload()
  await page.locator('.unsent', { hasText: 'asked-two' }).waitFor()
  t.equal(await getComposer(page).inputValue(), 'a draft in the making')

  for (const url of refuse) {
    let lost = false
    await page.route(url, async (route) => {
      if (route.request().method() !== 'POST' || lost) return route.continue()
      lost = true
      await route.fetch() // The request arrives, and its response is lost.
      return route.abort()
    })
  }
  await answers(page).filter({ hasText: 'asked-two' }).waitFor()
  await page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.includes('/outbox/')))
  const rows = await timeline(event_id)
  t.equal(rows.filter((row) => row.message_content.content === 'plain-one').length, 1)
  t.equal(await withText(page, 'plain-one').count(), 1)
  t.equal(await withText(page, '@AI asked-two').count(), 1)
  t.equal(await getComposer(page).inputValue(), 'a draft in the making')

  await page.locator('[aria-label="Sign out"]').click()
  await page.locator('.sign-in').waitFor()
  t.notMatch(await page.evaluate(() => JSON.stringify(localStorage)), 'draft', 'signing out leaves nothing behind')
  await context.close()
})

t.test(
  '[ROOM3] a node that dies in mid-answer: the answer goes on, once, and the banner waits for two seconds',
  async (t) => {
    const event_id = await room.createEvent(room.alice)
    const { page, context, outsideRequests } = await room.openAsEngineer('cas', event_id)
    const paused = room.model.pauseAfterFirstPiece('mid-answer')
    await sendText(page, '@AI mid-answer')
    await paused.started
    await page.locator('.thinking .prose').waitFor()
    room.front.cut()
    const cutAt = Date.now()
    await page.locator('[data-testid=offline]').waitFor()
    t.ok(Date.now() - cutAt >= 1_900, 'a blink shows nothing')
    await sendText(page, 'written in the dark')
    paused.resume()
    room.front.connectTo(room.getApiUrl(1))
    await answers(page).filter({ hasText: 'Answer to: ' }).locator('.facts').waitFor()
    await withText(page, 'written in the dark').and(page.locator('[data-kind=person]')).waitFor()
    await page.locator('[data-testid=offline]').waitFor({ state: 'detached' })
    t.equal(await withText(page, 'mid-answer').count(), 2)
    t.equal((await timeline(event_id)).filter((row) => row.message_content.content === 'written in the dark').length, 1)
    t.same(outsideRequests, [])
    await context.close()
  },
)

t.test(
  '[ROOM5] composing Chinese: Enter takes the candidate and sends nothing; Shift+Enter breaks the line',
  async (t) => {
    const event_id = await room.createEvent(room.alice)
    const { page, context } = await room.openAsEngineer('dan', event_id)
    const keyboard = await context.newCDPSession(page)
    await getComposer(page).focus()
    await keyboard.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 })
    await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', windowsVirtualKeyCode: 229 })
    await keyboard.send('Input.insertText', { text: '你好' })
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.insertText('第二行')
    t.equal(await getComposer(page).inputValue(), '你好\n第二行')
    t.equal(await page.locator('.unsent, .message[data-kind=person]').count(), 0)
    await page.keyboard.press('Enter')
    await withText(page, '第二行').waitFor()
    t.equal(await getComposer(page).inputValue(), '')
    await context.close()
  },
)

t.test('[ROOM4] a bare @AI says what is missing; @AIM is a word; @ and / complete', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('eve', event_id)
  await sendText(page, '@AI')
  await page.locator('.under .error-text', { hasText: 'What do you want to ask?' }).waitFor()
  t.equal(await getComposer(page).inputValue(), '@AI', 'and stays')
  await sendText(page, '@AIM for the host')
  await page.locator('.message[data-kind=person]', { hasText: '@AIM' }).waitFor()
  t.match(await timeline(event_id), [{ message_category: 'room' }])
  await getComposer(page).pressSequentially('ask @al')
  await page.locator('.suggestions', { hasText: '@alice' }).waitFor()
  await getComposer(page).press('Tab')
  t.equal(await getComposer(page).inputValue(), 'ask @alice ')
  await getComposer(page).fill('')
  await getComposer(page).pressSequentially('/ut')
  await getComposer(page).press('Enter')
  await getComposer(page).press('Enter')
  await page.locator('.clock', { hasText: 'UTC' }).waitFor()
  t.match(await page.locator('.message time').first().innerText(), /UTC/, '[ROOM14]')
  await context.close()
})

t.test('[ROOM8] a failure says its cause and the next step; the room still works; asking again answers', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('fay', event_id)
  room.model.failWith('refused-q', 401)
  await sendText(page, '@AI refused-q')
  const failure = page.locator('.failure', { hasText: 'key is not accepted' })
  await failure.waitFor()
  t.match(await failure.innerText(), /An administrator has to look at it/)
  t.notMatch(await failure.innerText(), /secret of the host/)
  await sendText(page, 'people still talk')
  await withText(page, 'people still talk').waitFor()
  await failure.locator('.retry').click()
  await answers(page).filter({ hasText: 'Answer to: ' }).waitFor()
  await context.close()
})

t.test('[ROOM9] at the round limit nothing is lost, and a button starts the next session with it', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('gus', event_id)
  for (const n of [1, 2, 3]) await sendText(page, `@AI round-${n}`)
  await answers(page).filter({ hasText: 'round-3' }).waitFor()
  await sendText(page, '@AI one too many')
  const failed = page.locator('.unsent.failed', { hasText: 'one too many' })
  await failed.locator('.error-text', { hasText: 'rounds' }).waitFor()
  await sendText(page, '@AI and another')
  const second = page.locator('.unsent.failed', { hasText: 'and another' })
  await second.locator('button', { hasText: 'Edit' }).waitFor()
  await page.reload()
  await second.waitFor()
  t.equal(await page.locator('button', { hasText: 'Next session, from nothing' }).count(), 1, 'once for all of them')
  await failed.locator('button', { hasText: 'Next session, from nothing' }).click()
  await answers(page).filter({ hasText: 'one too many' }).waitFor()
  await answers(page).filter({ hasText: 'and another' }).waitFor()
  t.equal(await page.locator('.unsent').count(), 0)
  await getComposer(page).fill('@AI x')
  await page.locator('.to', { hasText: 'round 2 of 3' }).waitFor()
  await context.close()
})

t.test('[ROOM10] who sees it is said before sending and on each message; sharing asks first', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const owner = await room.openAsEngineer('hal', event_id)
  const other = await room.openAsEngineer('ida', event_id)
  await getComposer(owner.page).fill('@AI whisper')
  await owner.page.locator('.to.private', { hasText: 'Only you see this' }).waitFor()
  await getComposer(owner.page).press('Enter')
  await answers(owner.page).filter({ hasText: 'whisper' }).waitFor()
  t.equal(await owner.page.locator('.message .seen-by.private').count(), 2)
  t.equal(await withText(other.page, 'whisper').count(), 0)

  await getComposer(owner.page).fill('@AI')
  await owner.page.locator('.to .share').click()
  const dialog = owner.page.locator('dialog', { hasText: 'Share this session?' })
  await dialog.locator('p', { hasText: 'ida' }).waitFor()
  t.equal(await withText(other.page, 'whisper').count(), 0, 'not before it is confirmed')
  await dialog.locator('button', { hasText: 'Share with the room' }).click()
  await answers(other.page).filter({ hasText: 'whisper' }).waitFor()
  await owner.page.locator('.message .seen-by.shared').nth(1).waitFor()
  await Promise.all([owner.context.close(), other.context.close()])
})

t.test('[ROOM11] an answer is stopped with what it has, and judged', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('jon', event_id)
  room.model.pauseAfterFirstPiece('endless')
  await sendText(page, '@AI endless')
  await page.locator('.thinking .prose', { hasText: 'Answer' }).waitFor()
  await page.locator('.thinking .stop').click()
  await answers(page).locator('.ending', { hasText: 'Stopped' }).waitFor()
  t.match(await answers(page).locator('.prose').innerText(), /^Answer/)
  await answers(page).locator('button[aria-label=Helpful]').click()
  await answers(page).locator('button[aria-label=Helpful][aria-pressed=true]').waitFor()
  t.equal(await page.locator('dialog[open]').count(), 0, 'one press is a verdict')
  await answers(page).locator('button', { hasText: 'Add a comment' }).click()
  await page.locator('dialog textarea').fill('to the point')
  await page.locator('dialog button[type=submit]').click()
  await answers(page).locator('button[aria-label=Helpful][aria-pressed=true]').waitFor()
  await page.reload()
  await answers(page).locator('button[aria-label=Helpful][aria-pressed=true]').waitFor()
  await context.close()
})

t.test('[ROOM16] a sign-in that ends asks for the password over the room, and keeps what is written', async (t) => {
  const { page, context } = await room.openAsEngineer('kim')
  await getComposer(page).fill('half a sentence')
  const users = await room.admin.call<{ items: { user_id: string; username: string }[] }>(
    room.getApiUrl(0),
    'GET',
    '/api/users?limit=100',
  )
  const kim = users.body.items.find(({ username }) => username === 'kim')
  await room.admin.call(room.getApiUrl(0), 'PATCH', `/api/users/${kim?.user_id}`, {
    ...{ password: `${PASSWORD}!`, your_password: ADMIN_PASSWORD },
  })
  await page.locator('.sign-in', { hasText: 'Sign in again' }).waitFor()
  await page.locator('input[name=password]').fill(`${PASSWORD}!`)
  await page.locator('.sign-in button[type=submit]').click()
  await page.locator('.sign-in').waitFor({ state: 'detached' })
  t.equal(await getComposer(page).inputValue(), 'half a sentence')
  await getComposer(page).press('Enter')
  await withText(page, 'half a sentence').waitFor()
  await context.close()
})

t.test('[ROOM18] an admin creates a user, who can sign in, and deactivates them', async (t) => {
  await room.createUser('root-two', 'admin')
  const { page, context } = await visit(room.browser, room.front.url)
  await signIn(page, 'root-two', PASSWORD)
  await page.locator('a[href="#/users"]').click()
  await page.locator('.new-user input[name=username]').fill('lea')
  await page.locator('.new-user input[name=password]').fill(PASSWORD)
  await page.locator('.new-user button').click()
  const row = page.locator('.user', { hasText: 'lea' })
  await row.waitFor()
  const lea = await visit(room.browser, room.front.url)
  await signIn(lea.page, 'lea', PASSWORD)
  await enterRoom(lea.page, room.front.url, room.event_id)
  await row.locator('button', { hasText: 'Deactivate' }).click()
  const dialog = page.locator('dialog', { hasText: 'Deactivate this user?' })
  await dialog.locator('button', { hasText: 'Keep active' }).click()
  await dialog.waitFor({ state: 'detached' })
  t.equal(await lea.page.locator('.sign-in').count(), 0, 'it is asked first')
  await row.locator('button', { hasText: 'Deactivate' }).click()
  await dialog.locator('li', { hasText: 'can’t sign in' }).waitFor()
  await dialog.locator('button', { hasText: 'Deactivate' }).click()
  await lea.page.locator('.sign-in', { hasText: 'Sign in again' }).waitFor()
  t.match(await row.getAttribute('class'), 'inactive')
  await page.locator('.toast', { hasText: 'lea is deactivated' }).locator('button', { hasText: 'Undo' }).click()
  await page.locator('.toast', { hasText: 'lea is active again' }).waitFor()
  await lea.page.locator('input[name=password]').fill(PASSWORD)
  await lea.page.locator('.sign-in button[type=submit]').click()
  await lea.page.locator('.sign-in').waitFor({ state: 'detached' })
  await Promise.all([context.close(), lea.context.close()])
})
