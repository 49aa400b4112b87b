import { PASSWORD as ADMIN_PASSWORD } from '@engineer-chat/proof'
import type { Message } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { getComposer, goToRoom, sendText, signIn, TEST_FILE_TIMEOUT_MS, visit } from '../testing/browser.ts'
import { PASSWORD, startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom({ apis: 2, env: { ENGINEER_CHAT_MAX_ROUNDS: '3' } })
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const getAnswers = (page: Page) => page.locator('.message[data-kind=ai]')
const getMessage = (page: Page, text: string) => page.locator('.message', { hasText: text })
const listMessages = async (event_id = warRoom.event_id) => {
  const path = `/api/events/${event_id}/messages?limit=100`
  return (await warRoom.alice.call<{ messages: Message[] }>(warRoom.getApiUrl(0), 'GET', path)).body.messages
}

t.test(
  '[ROOM1] an answer streams after sign-in; a reload asks for no password and shows the same messages',
  async (t) => {
    const { page, errors, externalRequests, context } = await warRoom.openAsEngineer('ada')
    const pausedAnswer = warRoom.model.pauseAfterFirstDelta('first-q')
    await sendText(page, '@AI first-q: what is contained?')
    await page.locator('.thinking .stop').waitFor()
    await pausedAnswer.started
    await page.locator('.thinking .prose', { hasText: 'Answer' }).waitFor()
    t.match(await page.locator('.thinking .progress').innerText(), /Writing…[\s\S]*\d+ s[\s\S]*Stop/)
    pausedAnswer.resume()
    await getAnswers(page).filter({ hasText: 'Answer to: ' }).locator('.facts').waitFor()
    t.match(await getAnswers(page).locator('.facts').innerText(), 'fake-1')
    t.match(await page.locator('[data-testid=announcer]').innerText(), /has answered: Answer to/)
    t.equal(await page.locator('.thinking').count(), 0)

    await page.reload()
    await getAnswers(page).filter({ hasText: 'Answer to: ' }).waitFor()
    t.equal(await getMessage(page, 'first-q').count(), 2, 'one question, one answer')
    const readableByScripts = await page.evaluate(
      () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie,
    )
    // `ey` is the beginning of each JSON Web Token.
    t.notMatch(readableByScripts, /ey[A-Za-z0-9_-]+\.|refresh_token/, 'scripts cannot read a token')
    t.same([errors, externalRequests], [[], []])
    await context.close()
  },
)

t.test(
  '[ROOM2] without a network, after a reload and after a lost response, written text is neither lost nor doubled',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const { page, context } = await warRoom.openAsEngineer('bea', event_id)
    const postUrls = ['**/api/engineer-chat/send', `**/api/events/${event_id}/messages`]
    for (const url of postUrls) {
      await page.route(url, (route) => (route.request().method() === 'POST' ? route.abort() : route.fallback()))
    }
    await sendText(page, 'plain-post')
    await sendText(page, '@AI asked-question')
    await page.locator('.unsent.waiting', { hasText: 'plain-post' }).waitFor()
    await getComposer(page).fill('a draft in the making')
    t.same((await listMessages(event_id)).length, 0)
    await page.reload()
    await page.locator('.unsent', { hasText: 'asked-question' }).waitFor()
    t.equal(await getComposer(page).inputValue(), 'a draft in the making')

    for (const url of postUrls) {
      let hasLostResponse = false
      await page.route(url, async (route) => {
        if (route.request().method() !== 'POST' || hasLostResponse) return route.continue()
        hasLostResponse = true
        await route.fetch() // The server handles the request, and the page does not receive the response.
        return route.abort()
      })
    }
    await getAnswers(page).filter({ hasText: 'asked-question' }).waitFor()
    await page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.includes('/outbox/')))
    const storedTexts = (await listMessages(event_id)).map(({ message_content }) => message_content.content)
    t.equal(storedTexts.filter((text) => text === 'plain-post').length, 1)
    t.equal(await getMessage(page, 'plain-post').count(), 1)
    t.equal(await getMessage(page, '@AI asked-question').count(), 1)
    t.equal(await getComposer(page).inputValue(), 'a draft in the making')

    await page.locator('[aria-label="Sign out"]').click()
    await page.locator('.sign-in').waitFor()
    t.notMatch(await page.evaluate(() => JSON.stringify(localStorage)), 'draft', 'signing out removes all stored text')
    await context.close()
  },
)

t.test(
  '[ROOM3] after a connection breaks during an answer, the answer continues without repeats; a banner appears after two seconds',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const { page, context, externalRequests } = await warRoom.openAsEngineer('cas', event_id)
    const pausedAnswer = warRoom.model.pauseAfterFirstDelta('mid-answer')
    await sendText(page, '@AI mid-answer')
    await pausedAnswer.started
    await page.locator('.thinking .prose').waitFor()
    warRoom.proxy.cut()
    const cutAtMs = Date.now()
    await page.locator('[data-testid=offline]').waitFor()
    t.ok(Date.now() - cutAtMs >= 1_900, 'the page shows no banner for a break of less than two seconds')
    await sendText(page, 'written without network')
    pausedAnswer.resume()
    warRoom.proxy.connectTo(warRoom.getApiUrl(1))
    await getAnswers(page).filter({ hasText: 'Answer to: ' }).locator('.facts').waitFor()
    await getMessage(page, 'written without network').and(page.locator('[data-kind=person]')).waitFor()
    await page.locator('[data-testid=offline]').waitFor({ state: 'detached' })
    t.equal(await getMessage(page, 'mid-answer').count(), 2, 'one question, one answer')
    const storedTexts = (await listMessages(event_id)).map(({ message_content }) => message_content.content)
    t.equal(storedTexts.filter((text) => text === 'written without network').length, 1)
    t.same(externalRequests, [])
    await context.close()
  },
)

t.test(
  '[ROOM5] while Chinese is composed, Enter takes the candidate and sends nothing; Shift+Enter breaks the line',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const { page, context } = await warRoom.openAsEngineer('dan', event_id)
    const devTools = await context.newCDPSession(page)
    await getComposer(page).focus()
    await devTools.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 })
    // Browsers give the key code 229 to each key that an input method handles.
    await devTools.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', windowsVirtualKeyCode: 229 })
    await devTools.send('Input.insertText', { text: '你好' })
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.insertText('第二行')
    t.equal(await getComposer(page).inputValue(), '你好\n第二行')
    t.equal(await page.locator('.unsent, .message[data-kind=person]').count(), 0)
    await page.keyboard.press('Enter')
    await getMessage(page, '第二行').waitFor()
    t.equal(await getComposer(page).inputValue(), '')
    await context.close()
  },
)

t.test(
  '[ROOM4] the page asks for a question if the text is only @AI, @AIM is an ordinary word, and @ and / offer completions',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const { page, context } = await warRoom.openAsEngineer('eve', event_id)
    await sendText(page, '@AI')
    await page.locator('.under .error-text', { hasText: 'What do you want to ask?' }).waitFor()
    t.equal(await getComposer(page).inputValue(), '@AI', 'the text stays in the box')
    await sendText(page, '@AIM for the host')
    await page.locator('.message[data-kind=person]', { hasText: '@AIM' }).waitFor()
    t.same(
      (await listMessages(event_id)).map(({ message_category }) => message_category),
      ['room'],
    )
    await getComposer(page).pressSequentially('ask @al')
    await page.locator('.suggestions', { hasText: '@alice' }).waitFor()
    await getComposer(page).press('Tab')
    t.equal(await getComposer(page).inputValue(), 'ask @alice ')
    await getComposer(page).fill('')
    await getComposer(page).pressSequentially('/ut')
    await getComposer(page).press('Enter') // The first Enter takes the suggestion /utc, the second one sends it.
    await getComposer(page).press('Enter')
    await page.locator('.clock', { hasText: 'UTC' }).waitFor()
    t.match(await page.locator('.message time').first().innerText(), /UTC/, '[ROOM14] times are in UTC')
    await context.close()
  },
)

t.test('[ROOM8] a failure shows its cause and the next step, the room still works, and a retry answers', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('fay', event_id)
  warRoom.model.failWith('refused-q', 401)
  await sendText(page, '@AI refused-q')
  const failure = page.locator('.failure', { hasText: 'key is not accepted' })
  await failure.waitFor()
  t.match(await failure.innerText(), /An administrator has to look at it/)
  t.notMatch(await failure.innerText(), /secret of the host/)
  await sendText(page, 'people still talk')
  await getMessage(page, 'people still talk').waitFor()
  await failure.locator('.retry').click()
  await getAnswers(page).filter({ hasText: 'Answer to: ' }).waitFor()
  await context.close()
})

t.test('[ROOM9] at the round limit the question is kept, and a button starts the next session with it', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('gus', event_id)
  for (const round of [1, 2, 3]) await sendText(page, `@AI round-${round}`)
  await getAnswers(page).filter({ hasText: 'round-3' }).waitFor()
  await sendText(page, '@AI one too many')
  const firstRefused = page.locator('.unsent.failed', { hasText: 'one too many' })
  await firstRefused.locator('.error-text', { hasText: 'rounds' }).waitFor()
  await sendText(page, '@AI and another')
  const secondRefused = page.locator('.unsent.failed', { hasText: 'and another' })
  await secondRefused.locator('button', { hasText: 'Edit' }).waitFor()
  await page.reload()
  await secondRefused.waitFor()
  t.equal(
    await page.locator('button', { hasText: 'Next session, without a summary' }).count(),
    1,
    'only one question offers the next session',
  )
  await firstRefused.locator('button', { hasText: 'Next session, without a summary' }).click()
  await getAnswers(page).filter({ hasText: 'one too many' }).waitFor()
  await getAnswers(page).filter({ hasText: 'and another' }).waitFor()
  t.equal(await page.locator('.unsent').count(), 0)
  await getComposer(page).fill('@AI x')
  await page.locator('.to', { hasText: 'round 2 of 3' }).waitFor()
  await context.close()
})

t.test('[ROOM10] the audience is shown before sending and on each message, and sharing asks first', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const owner = await warRoom.openAsEngineer('hal', event_id)
  const otherReader = await warRoom.openAsEngineer('ida', event_id)
  await getComposer(owner.page).fill('@AI whisper')
  await owner.page.locator('.to.private', { hasText: 'Only you see this' }).waitFor()
  await getComposer(owner.page).press('Enter')
  await getAnswers(owner.page).filter({ hasText: 'whisper' }).waitFor()
  t.equal(await owner.page.locator('.message .seen-by.private').count(), 2, 'question and answer are marked as private')
  t.equal(await getMessage(otherReader.page, 'whisper').count(), 0)

  await getComposer(owner.page).fill('@AI')
  await owner.page.locator('.to .share').click()
  const dialog = owner.page.locator('dialog', { hasText: 'Share this session?' })
  await dialog.locator('p', { hasText: 'ida' }).waitFor()
  t.equal(await getMessage(otherReader.page, 'whisper').count(), 0, 'nothing is shared before it is confirmed')
  await dialog.locator('button', { hasText: 'Share with the room' }).click()
  await getAnswers(otherReader.page).filter({ hasText: 'whisper' }).waitFor()
  await owner.page.locator('.message .seen-by.shared').nth(1).waitFor()
  await Promise.all([owner.context.close(), otherReader.context.close()])
})

t.test('[ROOM11] a stopped answer keeps the text so far, and can be rated', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('jon', event_id)
  warRoom.model.pauseAfterFirstDelta('endless')
  await sendText(page, '@AI endless')
  await page.locator('.thinking .prose', { hasText: 'Answer' }).waitFor()
  await page.locator('.thinking .stop').click()
  await getAnswers(page).locator('.ending', { hasText: 'Stopped' }).waitFor()
  t.match(await getAnswers(page).locator('.prose').innerText(), /^Answer/)
  await getAnswers(page).locator('button[aria-label=Helpful]').click()
  await getAnswers(page).locator('button[aria-label=Helpful][aria-pressed=true]').waitFor()
  t.equal(await page.locator('dialog[open]').count(), 0, 'one press rates the answer without a dialog')
  await getAnswers(page).locator('button', { hasText: 'Add a comment' }).click()
  await page.locator('dialog textarea').fill('to the point')
  await page.locator('dialog button[type=submit]').click()
  await getAnswers(page).locator('button[aria-label=Helpful][aria-pressed=true]').waitFor()
  await page.reload()
  await getAnswers(page).locator('button[aria-label=Helpful][aria-pressed=true]').waitFor()
  await context.close()
})

t.test('[ROOM2] the page counts the characters of a text as the server does', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('lou', event_id)
  await sendText(page, '😀'.repeat(8_001))
  await page.locator('.under .error-text', { hasText: '8001 of at most 8000 characters' }).waitFor()
  await sendText(page, '😀'.repeat(8_000))
  await page.locator('.message:not(.unsent)', { hasText: '😀' }).waitFor()
  t.equal(await getComposer(page).inputValue(), '')
  await context.close()
})

t.test('[ROOM16] when a sign-in ends, the page asks for the password above the room and keeps the draft', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('kim')
  await getComposer(page).fill('half a sentence')
  const usersResponse = await warRoom.admin.call<{ items: { user_id: string; username: string }[] }>(
    warRoom.getApiUrl(0),
    'GET',
    '/api/users?limit=100',
  )
  const kim = usersResponse.body.items.find(({ username }) => username === 'kim')
  await warRoom.admin.call(warRoom.getApiUrl(0), 'PATCH', `/api/users/${kim?.user_id}`, {
    password: `${PASSWORD}!`,
    your_password: ADMIN_PASSWORD,
  })
  await page.locator('.sign-in', { hasText: 'Sign in again' }).waitFor()
  await page.locator('input[name=password]').fill(`${PASSWORD}!`)
  await page.locator('.sign-in button[type=submit]').click()
  await page.locator('.sign-in').waitFor({ state: 'detached' })
  t.equal(await getComposer(page).inputValue(), 'half a sentence')
  await getComposer(page).press('Enter')
  await getMessage(page, 'half a sentence').waitFor()
  await context.close()
})

t.test('[ROOM18] an admin creates a user, who can sign in, deactivates the user, and undoes this', async (t) => {
  await warRoom.createUser('root-two', 'admin')
  const { page, context } = await visit(warRoom.browser, warRoom.proxy.url)
  await signIn(page, 'root-two', PASSWORD)
  await page.locator('a[href="#/users"]').click()
  await page.locator('.new-user input[name=username]').fill('lea')
  await page.locator('.new-user input[name=password]').fill(PASSWORD)
  await page.locator('.new-user button').click()
  const userRow = page.locator('.user', { hasText: 'lea' })
  await userRow.waitFor()
  const lea = await visit(warRoom.browser, warRoom.proxy.url)
  await signIn(lea.page, 'lea', PASSWORD)
  await goToRoom(lea.page, warRoom.proxy.url, warRoom.event_id)
  await userRow.locator('button', { hasText: 'Deactivate' }).click()
  const dialog = page.locator('dialog', { hasText: 'Deactivate this user?' })
  await dialog.locator('button', { hasText: 'Keep active' }).click()
  await dialog.waitFor({ state: 'detached' })
  t.equal(await lea.page.locator('.sign-in').count(), 0, 'nobody is deactivated before the admin confirms it')
  await userRow.locator('button', { hasText: 'Deactivate' }).click()
  await dialog.locator('li', { hasText: 'can’t sign in' }).waitFor()
  await dialog.locator('button', { hasText: 'Deactivate' }).click()
  await lea.page.locator('.sign-in', { hasText: 'Sign in again' }).waitFor()
  t.match(await userRow.getAttribute('class'), 'inactive')
  await page.locator('.toast', { hasText: 'lea is deactivated' }).locator('button', { hasText: 'Undo' }).click()
  await page.locator('.toast', { hasText: 'lea is active again' }).waitFor()
  await lea.page.locator('input[name=password]').fill(PASSWORD)
  await lea.page.locator('.sign-in button[type=submit]').click()
  await lea.page.locator('.sign-in').waitFor({ state: 'detached' })
  await Promise.all([context.close(), lea.context.close()])
})
