import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Message } from '@engineer-chat/protocol'
import { marked } from 'marked'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { getComposer, sendText, switchToChinese } from '../testing/browser.ts'
import { insertMessages } from '../testing/insert-messages.ts'
import { openWarRoom } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

const withText = (page: Page, text: string) => page.locator('.message', { hasText: text })
/** Opens a tab, whose list is loaded with the first look at it. */
async function tab(page: Page, name: string): Promise<void> {
  await page.locator('.details [role=tab]', { hasText: name }).click()
  await page.locator('.panel .loading').waitFor({ state: 'detached' })
}
const pinned = (page: Page) => page.locator('.evidence-item .excerpt').allInnerTexts()
const answers = (page: Page) => page.locator('.message[data-kind=ai]')

async function act(page: Page, text: string, label: string): Promise<void> {
  const message = withText(page, text).first()
  await message.hover()
  await message.locator(`.actions [aria-label="${label}"]`).click()
}

async function post(event_id: string, message: string): Promise<Message> {
  return (await room.alice.call<Message>(room.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message }))
    .body
}

const pin = (event_id: string, { message_id }: Message) =>
  room.alice.call(room.getApiUrl(0), 'PUT', `/api/events/${event_id}/pins/${message_id}`)

async function unpin(event_id: string, text: string): Promise<void> {
  const { body } = await room.alice.call<{ items: Message[] }>(room.getApiUrl(0), 'GET', `/api/events/${event_id}/pins`)
  const message = body.items.find(({ message_content }) => message_content.content === text)
  await room.alice.call(room.getApiUrl(0), 'DELETE', `/api/events/${event_id}/pins/${message?.message_id}`)
}

t.test('[ROOM30] pins stand in the order of their messages, for everybody at once', async (t) => {
  const event_id = await room.createEvent(room.alice)
  for (const text of ['first-clue', 'a remark', 'second-clue']) await post(event_id, text)
  const [ann, ben] = [await room.openAsEngineer('ann', event_id), await room.openAsEngineer('ben', event_id)]
  for (const { page } of [ann, ben]) await tab(page, 'Evidence')
  await ben.page.locator('.panel', { hasText: 'Nothing is pinned yet' }).waitFor()

  await act(ann.page, 'second-clue', 'Pin as evidence')
  await ben.page.locator('.evidence-item', { hasText: 'second-clue' }).waitFor()
  await act(ben.page, 'first-clue', 'Pin as evidence')
  await ann.page.locator('.evidence-item').nth(1).waitFor()

  t.same(await pinned(ann.page), ['first-clue', 'second-clue'])
  t.match(await ann.page.locator('.evidence-item').first().innerText(), /alice[\s\S]*Pinned by ben/)
  t.match(await withText(ben.page, 'second-clue').first().locator('.pinned-by').innerText(), 'Pinned by ann')
  t.same(await listViolations(ann.page), [])
  await Promise.all([ann.context.close(), ben.context.close()])
})

t.test('[ROOM30] a pin leads to its message, and one that is taken off goes for everybody', async (t) => {
  const event_id = await room.createEvent(room.alice)
  for (const text of ['first-clue', 'second-clue']) await pin(event_id, await post(event_id, text))
  const { page, context } = await room.openAsEngineer('cal', event_id)
  await tab(page, 'Evidence 2')

  await page.locator('.evidence-item a', { hasText: 'first-clue' }).click()
  await page.locator('.message.marked', { hasText: 'first-clue' }).waitFor()
  await unpin(event_id, 'second-clue')

  await page.locator('.evidence-item', { hasText: 'second-clue' }).waitFor({ state: 'detached' })
  t.same(await pinned(page), ['first-clue'])
  await context.close()
})

t.test('[ROOM30] a private answer is shared before it is pinned, and the dialog says with whom', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const [cat, dov] = [await room.openAsEngineer('cat', event_id), await room.openAsEngineer('dov', event_id)]
  await sendText(cat.page, '@AI whose-host')
  await answers(cat.page).filter({ hasText: 'Answer to: ' }).waitFor()

  await act(cat.page, 'Answer to: ', 'Pin as evidence')
  const dialog = cat.page.locator('dialog', { hasText: 'Evidence is seen by everyone' })
  await dialog.locator('p', { hasText: 'dov' }).waitFor()
  t.equal(await withText(dov.page, 'whose-host').count(), 0, 'not before it is confirmed')
  await dialog.locator('button', { hasText: 'Share and pin' }).click()

  await answers(dov.page).filter({ hasText: 'Answer to: ' }).locator('..').locator('.pinned-by').first().waitFor()
  await tab(dov.page, 'Evidence')
  t.match(await pinned(dov.page), [/Answer to: /])
  await Promise.all([cat.context.close(), dov.context.close()])
})

t.test('[ROOM30] a failure that is pinned is asked again only once it is unpinned', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('deb', event_id)
  room.model.failWith('refused-q', 401)
  await sendText(page, '@AI refused-q')
  const failure = page.locator('.failure', { hasText: 'key is not accepted' })
  await failure.locator('.retry').waitFor()

  await act(page, 'key is not accepted', 'Pin as evidence')
  await page.locator('dialog button', { hasText: 'Share and pin' }).click()
  await failure.filter({ hasText: 'unpin it to ask again' }).waitFor()
  t.equal(await failure.locator('.retry').count(), 0)
  await act(page, 'key is not accepted', 'Unpin')
  await failure.locator('.retry').click()

  await answers(page).filter({ hasText: 'Answer to: refused-q' }).waitFor()
  await context.close()
})

t.test('[ROOM31] the room is a file', async (t) => {
  const event_id = await room.createEvent(room.alice, { event_name: 'A <b>phish</b>' })
  const clue = await post(event_id, 'the-clue ![x](https://evil.example/x.png)')
  const { page, context, outsideRequests } = await room.openAsEngineer('eli', event_id)
  t.teardown(() => context.close())
  await sendText(page, '@AI only-for-me')
  await answers(page).filter({ hasText: 'Answer to: ' }).waitFor()
  await act(page, 'the-clue', 'Pin as evidence')
  await tab(page, 'Evidence')

  t.test('[ROOM31] as Markdown it is to be read, and renders nothing of others', async (t) => {
    const { name, text } = await exportRoom(page, 'Markdown')
    t.equal(name, `${event_id}.md`)
    t.match(text, /## Evidence\n\n- .* \*\*alice\*\* · #1 \(pinned by eli, .*\): the\\-clue/)
    const rendered = await marked(text)
    t.match(rendered, /<blockquote>\s*<pre><code class="language-text">the-clue !\[x\]/)
    t.notMatch(rendered, /<img/, 'no image is loaded')
    t.ok(hasHash(text))
  })

  t.test('[ROOM31] private chats are in it only if they are asked for', async (t) => {
    t.notMatch((await exportRoom(page, 'JSON')).text, 'only-for-me')
    t.match((await exportRoom(page, 'JSON', true)).text, 'only-for-me')
  })

  t.test('[ROOM31] as JSON it has each message with its pin and its hash', async (t) => {
    const { name, text } = await exportRoom(page, 'JSON')
    t.equal(name, `${event_id}.json`)
    t.match(JSON.parse(text).messages[0], { message: { message_id: clue.message_id, pinned: {} }, sha256: String })
    t.ok(hasHash(text))
  })

  t.test('[ROOM31] a command opens the dialog, in Chinese too', async (t) => {
    await switchToChinese(page)
    await getComposer(page).fill('/export')
    await getComposer(page).press('Enter')
    await page.locator('dialog', { hasText: '导出房间' }).waitFor()
    t.same(await listViolations(page), [])
    t.same(outsideRequests, [])
  })
})

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

/** Does the last line have the hash of everything above it? */
function hasHash(text: string): boolean {
  const above = text.slice(0, text.trimEnd().lastIndexOf('\n') + 1)
  return text.slice(above.length).includes(createHash('sha256').update(above).digest('hex'))
}

t.test(
  '[ROOM32] an old message is shown with what is around it; going down, nothing is missing or twice up to now',
  async (t) => {
    const event_id = await room.createEvent(room.alice)
    const target = await insertMessages(room, event_id, 620)
    const { page, context } = await room.openAsEngineer('fox', event_id)
    await withText(page, 'number 620:').waitFor()
    await page.goto(`${room.front.url}/#/events/${event_id}/messages/${target}`)
    await page.locator('.message.marked', { hasText: 'number 20:' }).waitFor()
    await page.locator('.new-pill', { hasText: 'Back to now' }).waitFor()
    await post(event_id, 'number 621: came meanwhile')
    await page.locator('.new-pill', { hasText: 'Back to now · 1 new' }).waitFor()
    t.equal(await withText(page, 'number 621:').count(), 0, 'now is elsewhere')
    const { numbers, doubles } = await page.evaluate(readDown)
    t.same(doubles, [])
    t.same(
      numbers,
      Array.from({ length: numbers.length }, (_, index) => 621 - numbers.length + 1 + index),
      'no gap',
    )
    t.ok(numbers.length > 600)
    await page.locator('.new-pill').waitFor({ state: 'detached' })
    await post(event_id, 'number 622: at the bottom one is taken along')
    await withText(page, 'number 622:').waitFor()

    await page.goto(`${room.front.url}/#/events/${event_id}`)
    await page.goto(`${room.front.url}/#/events/${event_id}/messages/${target}`)
    await page.locator('.message.marked', { hasText: 'number 20:' }).waitFor()
    await page.locator('.new-pill').click()
    await withText(page, 'number 622:').waitFor()
    await context.close()
  },
)

t.test('[ROOM32] from the past one writes in the present, and a link that leads nowhere says so', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const target = await insertMessages(room, event_id, 300)
  const { page, context } = await room.openAsEngineer('gil', event_id)
  await page.goto(`${room.front.url}/#/events/${event_id}/messages/${target}`)
  await page.locator('.message.marked', { hasText: 'number 20:' }).waitFor()
  await sendText(page, 'said-now')
  await page.locator('.message[data-kind=person]', { hasText: 'said-now' }).waitFor()
  t.equal(await withText(page, 'number 20:').count(), 0)
  await page.goto(`${room.front.url}/#/events/${event_id}/messages/nowhere`)
  await page.locator('.toast', { hasText: 'isn’t here' }).waitFor()
  t.ok(await withText(page, 'said-now').isVisible(), 'and one stays where one was')
  await context.close()
})

t.test(
  '[ROOM33] search finds what is old, defanged or live, says what it looks through, and leads there',
  async (t) => {
    const event_id = await room.createEvent(room.alice)
    await post(event_id, 'C2 at evil[.]example')
    await insertMessages(room, event_id, 5_200, 2)
    const { page, context } = await room.openAsEngineer('hen', event_id)
    await page.keyboard.press('Control+f')
    const box = page.locator('.search input')
    await box.fill('evil.example')
    const found = page.locator('.search li', { hasText: 'evil[.]example' })
    await found.waitFor()
    t.match(await found.innerText(), /^alice/)
    await page.locator('.search .status', { hasText: '1 message found' }).waitFor()
    await found.locator('button').click()
    await page.locator('.message.marked', { hasText: 'evil[.]example' }).waitFor()
    await box.fill('nobody said this')
    await page.locator('.search .status', { hasText: /^Nothing found\.$/ }).waitFor()
    await box.fill('a finding')
    await page.locator('.search .status button', { hasText: 'Search further back' }).click()
    await page.locator('.search li').nth(60).waitFor({ state: 'attached' })
    t.same(await listViolations(page), [])
    await page.keyboard.press('Escape')
    await page.locator('.search').waitFor({ state: 'detached' })
    await context.close()
  },
)

t.test('[ROOM34] an agent’s role has its history back to the beginning, and goes on by itself', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const asAgent = (message_from: string, message_content: string) =>
    room.captain.call(room.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, {
      ...{ message_from, message_type: 'llm_response', message_content, round_id: 1 },
    })
  await asAgent('_captain', 'the very first order')
  await insertMessages(room, event_id, 200, 2)
  const { page, context } = await room.openAsEngineer('ivy', event_id)
  await withText(page, 'number 201:').waitFor()
  await tab(page, 'Agents')
  const role = (name: string) => page.locator(`.role[data-role=${name}]`)
  await role('_expert').locator('summary').click()
  await role('_expert').locator('p', { hasText: 'Has said nothing' }).waitFor()
  await role('_captain').locator('summary').click()
  await role('_captain').locator('li', { hasText: 'the very first order' }).waitFor()
  await asAgent('_captain', 'another order')
  await role('_captain').locator('li').first().filter({ hasText: 'another order' }).waitFor()
  await role('_executor').locator('summary').click()
  await role('_executor').locator('button', { hasText: 'Load older' }).click()
  await role('_executor').locator('li').nth(60).waitFor()
  await role('_captain').locator('a', { hasText: 'the very first order' }).click()
  await page.locator('.message.marked', { hasText: 'the very first order' }).waitFor()
  t.equal(await withText(page, 'number 201:').count(), 0)
  await context.close()
})

t.test('[ROOM35] a session of the past says what was asked in it, and leads there', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('jay', event_id)
  await sendText(page, '@AI long-ago')
  await answers(page).filter({ hasText: 'long-ago' }).waitFor()
  await getComposer(page).fill('/new')
  await getComposer(page).press('Enter')
  await page.locator('dialog button', { hasText: 'Start session' }).click()
  await page.locator('dialog').waitFor({ state: 'detached' })
  await sendText(page, '@AI just-now')
  await answers(page).filter({ hasText: 'just-now' }).waitFor()
  await insertMessages(room, event_id, 200, 50)
  await page.reload()
  await page.locator('[data-testid=unread]').waitFor()
  await tab(page, 'Sessions')
  t.same(await page.locator('.session .tag').allInnerTexts(), ['Active'], 'one of them')
  const past = page.locator('.session:not(.active)')
  await past.locator('summary').click()
  await past.locator('a', { hasText: 'long-ago' }).click()
  await page.locator('.message.marked', { hasText: 'long-ago' }).waitFor()
  await context.close()
})

/** Scrolls down to now, frame by frame, and returns the numbers of all messages and of those that stood twice. */
async function readDown() {
  const list = () => document.querySelector('.rows') as HTMLElement
  const numbers = new Set<number>()
  const doubles = new Set<number>()
  const deadline = performance.now() + 30_000
  while (!numbers.has(621) && performance.now() < deadline) {
    const shown = [...document.querySelectorAll('.rows .message')].map((one) =>
      Number(/number (\d+):/.exec(one.textContent ?? '')?.[1]),
    )
    for (const [index, number] of shown.entries()) {
      if (shown.indexOf(number) !== index) doubles.add(number)
      numbers.add(number)
    }
    list().scrollTop += 300
    await new Promise(requestAnimationFrame)
  }
  return { numbers: [...numbers].sort((a, b) => a - b), doubles: [...doubles] }
}
