import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Message } from '@engineer-chat/protocol'
import { marked } from 'marked'
import type { Page, Route } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { getComposer, jumpTo, sendText, switchToChinese, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { insertMessages, toInsertedId } from '../testing/insert-messages.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const getMessage = (page: Page, text: string) => page.locator('.message', { hasText: text })
/** Opens a tab of the details, and waits until its list has loaded. */
async function openTab(page: Page, name: string): Promise<void> {
  await page.locator('.details [role=tab]', { hasText: name }).click()
  await page.locator('.panel .loading').waitFor({ state: 'detached' })
}
const readPins = (page: Page) => page.locator('.evidence-item .excerpt').allInnerTexts()
const getAnswers = (page: Page) => page.locator('.message[data-kind=ai]')

async function clickAction(page: Page, text: string, label: string): Promise<void> {
  const message = getMessage(page, text).first()
  await message.hover()
  await message.locator(`.actions [aria-label="${label}"]`).click()
}

async function postMessage(event_id: string, message: string): Promise<Message> {
  return (
    await warRoom.alice.call<Message>(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
  ).body
}

const pinMessage = (event_id: string, { message_id }: Message) =>
  warRoom.alice.call(warRoom.getApiUrl(0), 'PUT', `/api/events/${event_id}/pins/${message_id}`)

async function unpinMessage(event_id: string, text: string): Promise<void> {
  const { body } = await warRoom.alice.call<{ items: Message[] }>(
    warRoom.getApiUrl(0),
    'GET',
    `/api/events/${event_id}/pins`,
  )
  const message = body.items.find(({ message_content }) => message_content.content === text)
  await warRoom.alice.call(warRoom.getApiUrl(0), 'DELETE', `/api/events/${event_id}/pins/${message?.message_id}`)
}

t.test('[ROOM30] pins have the order of their messages, and everybody sees a new pin at once', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  for (const text of ['first-clue', 'a remark', 'second-clue']) await postMessage(event_id, text)
  const [ann, ben] = [await warRoom.openAsEngineer('ann', event_id), await warRoom.openAsEngineer('ben', event_id)]
  for (const { page } of [ann, ben]) await openTab(page, 'Evidence')
  await ben.page.locator('.panel', { hasText: 'Nothing is pinned yet' }).waitFor()

  await clickAction(ann.page, 'second-clue', 'Pin as evidence')
  await ben.page.locator('.evidence-item', { hasText: 'second-clue' }).waitFor()
  await clickAction(ben.page, 'first-clue', 'Pin as evidence')
  await ann.page.locator('.evidence-item').nth(1).waitFor()

  t.same(await readPins(ann.page), ['first-clue', 'second-clue'])
  t.match(await ann.page.locator('.evidence-item').first().innerText(), /alice[\s\S]*Pinned by ben/)
  t.match(await getMessage(ben.page, 'second-clue').first().locator('.pinned-by').innerText(), 'Pinned by ann')
  t.same(await listViolations(ann.page), [])
  await Promise.all([ann.context.close(), ben.context.close()])
})

t.test('[ROOM30] a pin links to its message, and a removed pin disappears for everybody', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  for (const text of ['first-clue', 'second-clue']) await pinMessage(event_id, await postMessage(event_id, text))
  const { page, context } = await warRoom.openAsEngineer('cal', event_id)
  await openTab(page, 'Evidence 2')

  await jumpTo(page, 'first-clue', () => page.locator('.evidence-item a', { hasText: 'first-clue' }).click())
  await unpinMessage(event_id, 'second-clue')

  await page.locator('.evidence-item', { hasText: 'second-clue' }).waitFor({ state: 'detached' })
  t.same(await readPins(page), ['first-clue'])
  await context.close()
})

t.test('[ROOM30] a private answer is shared before it is pinned, and the dialog names its new readers', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const [cat, dov] = [await warRoom.openAsEngineer('cat', event_id), await warRoom.openAsEngineer('dov', event_id)]
  await sendText(cat.page, '@AI whose-host')
  await getAnswers(cat.page).filter({ hasText: 'Answer to: ' }).waitFor()

  await clickAction(cat.page, 'Answer to: ', 'Pin as evidence')
  const dialog = cat.page.locator('dialog', { hasText: 'Evidence is seen by everyone' })
  await dialog.locator('p', { hasText: 'dov' }).waitFor()
  t.equal(await getMessage(dov.page, 'whose-host').count(), 0, 'nothing is shared before it is confirmed')
  await dialog.locator('button', { hasText: 'Share and pin' }).click()

  await getAnswers(dov.page).filter({ hasText: 'Answer to: ' }).locator('..').locator('.pinned-by').first().waitFor()
  await openTab(dov.page, 'Evidence')
  t.match(await readPins(dov.page), [/Answer to: /])
  await Promise.all([cat.context.close(), dov.context.close()])
})

t.test('[ROOM30] a pinned failure can be retried only after it is unpinned', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('deb', event_id)
  warRoom.model.failWith('refused-q', 401)
  await sendText(page, '@AI refused-q')
  const failure = page.locator('.failure', { hasText: 'key is not accepted' })
  await failure.locator('.retry').waitFor()

  await clickAction(page, 'key is not accepted', 'Pin as evidence')
  await page.locator('dialog button', { hasText: 'Share and pin' }).click()
  await failure.filter({ hasText: 'unpin it to ask again' }).waitFor()
  t.equal(await failure.locator('.retry').count(), 0)
  await clickAction(page, 'key is not accepted', 'Unpin')
  await failure.locator('.retry').click()

  await getAnswers(page).filter({ hasText: 'Answer to: refused-q' }).waitFor()
  await context.close()
})

t.test('[ROOM31] the room can be exported as a file', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { event_name: 'A <b>phish</b>' })
  const cluePost = await postMessage(event_id, 'the-clue ![x](https://evil.example/x.png)')
  const { page, context, externalRequests } = await warRoom.openAsEngineer('eli', event_id)
  t.teardown(() => context.close())
  await sendText(page, '@AI only-for-me')
  await getAnswers(page).filter({ hasText: 'Answer to: ' }).waitFor()
  await clickAction(page, 'the-clue', 'Pin as evidence')
  await openTab(page, 'Evidence')

  t.test('[ROOM31] the Markdown file is readable, and renders no Markdown that others wrote', async (t) => {
    const { name, text } = await exportRoom(page, 'Markdown')
    t.equal(name, `${event_id}.md`)
    t.match(text, /## Evidence\n\n- .* \*\*alice\*\* · #1 \(pinned by eli, .*\): the\\-clue/)
    const renderedHtml = await marked(text)
    t.match(renderedHtml, /<blockquote>\s*<pre><code class="language-text">the-clue !\[x\]/)
    t.notMatch(renderedHtml, /<img/, 'no image is loaded')
    t.ok(endsWithHash(text))
  })

  t.test('[ROOM31] the file contains private chats only if the reader chose them', async (t) => {
    t.notMatch((await exportRoom(page, 'JSON')).text, 'only-for-me')
    t.match((await exportRoom(page, 'JSON', true)).text, 'only-for-me')
  })

  t.test('[ROOM31] the JSON file has each message with its pin and its hash', async (t) => {
    const { name, text } = await exportRoom(page, 'JSON')
    t.equal(name, `${event_id}.json`)
    t.match(JSON.parse(text).messages[0], { message: { message_id: cluePost.message_id, pinned: {} }, sha256: String })
    t.ok(endsWithHash(text))
  })

  t.test('[ROOM31] the command /export opens the dialog, also in Chinese', async (t) => {
    await switchToChinese(page)
    await getComposer(page).fill('/export')
    await getComposer(page).press('Enter')
    await page.locator('dialog', { hasText: '导出房间' }).waitFor()
    t.same(await listViolations(page), [])
    t.same(externalRequests, [])
  })
})

/** Exports the room from the tab of pins. Returns name and text of the downloaded file. */
async function exportRoom(page: Page, format: string, withPrivateChats = false) {
  await page.locator('.panel button', { hasText: 'Export the room' }).click()
  await page.locator('dialog label', { hasText: format }).click()
  if (withPrivateChats) await page.locator('dialog label', { hasText: 'With my private chats' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('dialog button[type=submit]').click(),
  ])
  await page.locator('dialog').waitFor({ state: 'detached' })
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
}

/** Returns true if the last line has the hash of the text above it. */
function endsWithHash(text: string): boolean {
  const textAbove = text.slice(0, text.trimEnd().lastIndexOf('\n') + 1)
  const lastLine = text.slice(textAbove.length)
  return lastLine.includes(createHash('sha256').update(textAbove).digest('hex'))
}

t.test(
  '[ROOM32] an old message is shown among its neighbours, and scrolling down to the newest shows each message once',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    await insertMessages(warRoom, event_id, { count: 620 })
    const { page, context } = await warRoom.openAsEngineer('fox', event_id)
    await getMessage(page, 'number 620:').waitFor()
    await jumpTo(page, 'number 20:', () =>
      page.goto(`${warRoom.proxy.url}/#/events/${event_id}/messages/${toInsertedId(event_id, 20)}`),
    )
    await page.locator('.new-pill', { hasText: 'Back to now' }).waitFor()
    await postMessage(event_id, 'number 621: arrived meanwhile')
    await page.locator('.new-pill', { hasText: 'Back to now · 1 new' }).waitFor()
    t.equal(await getMessage(page, 'number 621:').count(), 0, 'the newest messages are not loaded')
    const { numbers, duplicates } = await page.evaluate(scrollDownAndRead, 621)
    t.same(duplicates, [])
    const firstNumber = 621 - numbers.length + 1
    const expectedNumbers = Array.from({ length: numbers.length }, (_, index) => firstNumber + index)
    t.same(numbers, expectedNumbers, 'the numbers up to 621 have no gap')
    t.ok(numbers.length > 600)
    await page.locator('.new-pill').waitFor({ state: 'detached' })
    await postMessage(event_id, 'number 622: arrived while the reader is at the bottom')
    await getMessage(page, 'number 622:').waitFor()

    await page.goto(`${warRoom.proxy.url}/#/events/${event_id}`)
    await jumpTo(page, 'number 20:', () =>
      page.goto(`${warRoom.proxy.url}/#/events/${event_id}/messages/${toInsertedId(event_id, 20)}`),
    )
    await page.locator('.new-pill').click()
    await getMessage(page, 'number 622:').waitFor()
    await context.close()
  },
)

t.test(
  '[ROOM32] a message that is sent while older ones are shown appears at the end, and a link to a missing message shows an error',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    await insertMessages(warRoom, event_id, { count: 300 })
    const { page, context } = await warRoom.openAsEngineer('gil', event_id)
    await jumpTo(page, 'number 20:', () =>
      page.goto(`${warRoom.proxy.url}/#/events/${event_id}/messages/${toInsertedId(event_id, 20)}`),
    )
    await sendText(page, 'said-now')
    await page.locator('.message[data-kind=person]', { hasText: 'said-now' }).waitFor()
    t.equal(await getMessage(page, 'number 20:').count(), 0)
    await page.goto(`${warRoom.proxy.url}/#/events/${event_id}/messages/missing`)
    await page.locator('.toast', { hasText: 'isn’t here' }).waitFor()
    t.ok(await getMessage(page, 'said-now').isVisible(), 'the reader stays at the same place')
    await context.close()
  },
)

t.test('[ROOM32] after a message was sent, a link that was opened before leads the reader nowhere', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  await insertMessages(warRoom, event_id, { count: 300 })
  const { page, context } = await warRoom.openAsEngineer('gus', event_id)
  const around = Promise.withResolvers<Route>()
  await page.route(/[?&]around=/, around.resolve)
  await page.goto(`${warRoom.proxy.url}/#/events/${event_id}/messages/${toInsertedId(event_id, 20)}`)
  const request = await around.promise
  await sendText(page, 'said-now')
  await page.locator('.message[data-kind=person]', { hasText: 'said-now' }).waitFor()
  const response = page.waitForResponse(/[?&]around=/)
  await request.continue()
  await (await response).finished()
  t.equal(await page.evaluate(scrollUpUntil, 'number 20:'), 'the reader has scrolled there')
  await context.close()
})

t.test(
  '[ROOM33] a search finds old messages, also those with a defanged address, offers to search further back, and opens the message',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    await postMessage(event_id, 'C2 at evil[.]example')
    await insertMessages(warRoom, event_id, { count: 5_200, firstPosition: 2 })
    const { page, context } = await warRoom.openAsEngineer('hen', event_id)
    await page.keyboard.press('Control+f')
    const searchField = page.locator('.search input')
    await searchField.fill('evil.example')
    const searchResult = page.locator('.search li', { hasText: 'evil[.]example' })
    await searchResult.waitFor()
    t.match(await searchResult.innerText(), /^alice/)
    await page.locator('.search .status', { hasText: '1 message found' }).waitFor()
    await jumpTo(page, 'evil[.]example', () => searchResult.locator('button').click())
    await searchField.fill('nobody said this')
    await page.locator('.search .status', { hasText: /^Nothing found\.$/ }).waitFor()
    await searchField.fill('a finding')
    await page.locator('.search .status button', { hasText: 'Search further back' }).click()
    await page.locator('.search li').nth(60).waitFor({ state: 'attached' })
    t.same(await listViolations(page), [])
    await page.keyboard.press('Escape')
    await page.locator('.search').waitFor({ state: 'detached' })
    await context.close()
  },
)

t.test(
  '[ROOM34] the history of an agent’s role goes back to the beginning, and new messages appear by themselves',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const postAsAgent = (message_from: string, message_content: string) =>
      warRoom.agent.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, {
        message_from,
        message_type: 'llm_response',
        message_content,
        round_id: 1,
      })
    await postAsAgent('_captain', 'the very first order')
    await insertMessages(warRoom, event_id, { count: 200, firstPosition: 2 })
    const { page, context } = await warRoom.openAsEngineer('ivy', event_id)
    await getMessage(page, 'number 201:').waitFor()
    await openTab(page, 'Agents')
    const getRole = (name: string) => page.locator(`.role[data-role=${name}]`)
    await getRole('_expert').locator('summary').click()
    await getRole('_expert').locator('p', { hasText: 'Has said nothing' }).waitFor()
    await getRole('_captain').locator('summary').click()
    await getRole('_captain').locator('li', { hasText: 'the very first order' }).waitFor()
    await postAsAgent('_captain', 'another order')
    await getRole('_captain').locator('li').first().filter({ hasText: 'another order' }).waitFor()
    await getRole('_executor').locator('summary').click()
    await getRole('_executor').locator('button', { hasText: 'Load older' }).click()
    await getRole('_executor').locator('li').nth(60).waitFor()
    await jumpTo(page, 'the very first order', () =>
      getRole('_captain').locator('a', { hasText: 'the very first order' }).click(),
    )
    t.equal(await getMessage(page, 'number 201:').count(), 0)
    await context.close()
  },
)

t.test('[ROOM35] an earlier session lists its questions and links to them', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('jay', event_id)
  await sendText(page, '@AI long-ago')
  await getAnswers(page).filter({ hasText: 'long-ago' }).waitFor()
  await getComposer(page).fill('/new')
  await getComposer(page).press('Enter')
  await page.locator('dialog button', { hasText: 'Start session' }).click()
  await page.locator('dialog').waitFor({ state: 'detached' })
  await sendText(page, '@AI just-now')
  await getAnswers(page).filter({ hasText: 'just-now' }).waitFor()
  // Position 50 is above the positions of both questions and answers.
  await insertMessages(warRoom, event_id, { count: 200, firstPosition: 50 })
  await page.reload()
  await page.locator('[data-testid=unread]').waitFor()
  await openTab(page, 'Sessions')
  t.same(await page.locator('.session .tag').allInnerTexts(), ['Active'], 'only one session is active')
  const earlierSession = page.locator('.session:not(.active)')
  await earlierSession.locator('summary').click()
  await jumpTo(page, 'long-ago', () => earlierSession.locator('a', { hasText: 'long-ago' }).click())
  await context.close()
})

/**
 * Runs in the page: scrolls down to the message with the last number, frame by frame. Returns the numbers of all
 * messages, and the numbers of messages that were shown twice at the same time.
 */
async function scrollDownAndRead(lastNumber: number) {
  const getTimeline = () => document.querySelector('.rows') as HTMLElement
  const numbers = new Set<number>()
  const duplicates = new Set<number>()
  const deadlineMs = performance.now() + 30_000
  while (!numbers.has(lastNumber) && performance.now() < deadlineMs) {
    const shownNumbers = [...document.querySelectorAll('.rows .message')].map((message) =>
      Number(/number (\d+):/.exec(message.textContent ?? '')?.[1]),
    )
    for (const [index, number] of shownNumbers.entries()) {
      if (shownNumbers.indexOf(number) !== index) duplicates.add(number)
      numbers.add(number)
    }
    getTimeline().scrollTop += 300
    await new Promise(requestAnimationFrame)
  }
  return { numbers: [...numbers].sort((a, b) => a - b), duplicates: [...duplicates] }
}

/** Runs in the page: scrolls up, frame by frame, until the message with this text is shown or the page jumps to it. */
async function scrollUpUntil(text: string) {
  const getTimeline = () => document.querySelector('.rows') as HTMLElement
  const isShown = () =>
    [...document.querySelectorAll('.message')].some((message) => message.textContent?.includes(text))
  const deadlineMs = performance.now() + 30_000
  while (performance.now() < deadlineMs) {
    if (document.querySelector('.message.jump-target')) return 'the page has jumped'
    if (isShown()) return 'the reader has scrolled there'
    getTimeline().dispatchEvent(new WheelEvent('wheel'))
    getTimeline().scrollTop -= 300
    await new Promise(requestAnimationFrame)
  }
  return 'the message is missing'
}
