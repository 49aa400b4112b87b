import type { Message } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { getComposer, getRecipient, sendText } from '../testing/browser.ts'
import { insertMessages } from '../testing/insert-messages.ts'
import { openWarRoom } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

const withText = (page: Page, text: string) => page.locator('.message', { hasText: text }).first()
const answer = (page: Page) => page.locator('.message[data-kind=ai]').last()
const draftQuote = (page: Page) => page.locator('.draft-quote .quote')
const bar = (page: Page) => page.locator('.selection-bar')

async function post(event_id: string, body: object, by = room.alice): Promise<Message> {
  const { body: posted } = await by.call<Message>(room.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, body)
  return posted
}

async function act(page: Page, text: string, label: string): Promise<void> {
  await withText(page, text).hover()
  await withText(page, text).locator(`.actions button[aria-label="${label}"]`).click()
}

/** Selects a text with the mouse, from the beginning of a line to the end of another. */
async function selectText(page: Page, text: string, from: string, to: string): Promise<void> {
  const [start, end] = [withText(page, text).getByText(from), withText(page, text).getByText(to)]
  await start.hover()
  const [first, last] = [await start.boundingBox(), await end.boundingBox()]
  if (!first || !last) throw new Error('The text is not shown.')
  await page.mouse.move(first.x + 1, first.y + 3)
  await page.mouse.down()
  await page.mouse.move(last.x + last.width - 3, last.y + last.height - 3, { steps: 4 })
  await page.mouse.up()
}

const MARKDOWN = 'WS-7 beacons to **evil.example** hourly.\n\n- isolate WS-7\n- block the domain'

t.test('[ROOM103] one bar has what can be done with a message, and a menu the rest', async (t) => {
  const event_id = await room.createEvent(room.alice)
  await post(event_id, { message: 'the host is ours' })
  const { page, context, errors } = await room.openAsEngineer('ada', event_id)
  await withText(page, 'the host is ours').hover()
  const labels = await withText(page, 'the host is ours')
    .locator('.actions > button')
    .evaluateAll((buttons) => buttons.map((button) => button.ariaLabel))
  t.same(labels, ['Ask the AI about this', 'Reply with quote', 'Pin as evidence', 'Copy text', 'More'])
  await act(page, 'the host is ours', 'More')
  const items = page.locator('[role=menu]:popover-open [role=menuitem]')
  await items.nth(1).waitFor()
  t.same(await items.allInnerTexts(), ['Copy link', 'Source'])
  t.same(await listViolations(page), [])
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.locator('.dialog', { hasText: '"content": "the host is ours"' }).waitFor()
  t.same(errors, [])
  await context.close()
})

t.test('[ROOM103] a selected text is asked about, with its quote and a start, and the answer cites it', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const content = { content: MARKDOWN, format: 'markdown' }
  const agentPost = { message_from: '_captain', message_type: 'llm_response', message_content: content, round_id: 1 }
  await post(event_id, agentPost, room.captain)
  const { page, context, errors } = await room.openAsEngineer('ben', event_id)

  await withText(page, 'WS-7 beacons').locator('.fold').click()
  await withText(page, 'WS-7 beacons').locator('.unfolded').waitFor()
  await selectText(page, 'WS-7 beacons', 'WS-7 beacons', 'isolate WS-7')
  await bar(page).waitFor()
  t.same(await listViolations(page), [])
  await bar(page).getByText('Ask the AI about this').click()
  await bar(page).waitFor({ state: 'detached' })
  t.match(await draftQuote(page).innerText(), /Captain[\s\S]*WS-7 beacons to evil\.example hourly\.\nisolate WS-7/)
  t.equal(await getRecipient(page).inputValue(), 'private')
  t.equal(await getComposer(page).inputValue(), 'What does this mean for us?')
  t.same(await listViolations(page), [])
  await page.keyboard.type('why hourly [quo1]?')
  await page.keyboard.press('Enter')

  await answer(page).locator('.facts').waitFor()
  const asked = page.locator('.message.own', { hasText: 'why hourly' })
  t.match(await asked.locator('.quote').innerText(), /Captain[\s\S]*isolate WS-7/)
  t.equal(await draftQuote(page).count(), 0)
  const { question = '' } = room.model.calls.at(-1) ?? {}
  t.match(
    question,
    /^<<<DATA-\w+ quo1 quote: agent captain, 20\S+\nWS-7 beacons to evil\.example hourly\.\nisolate WS-7\n/,
  )
  await answer(page).locator('.cite', { hasText: '[quo1]' }).first().click()
  await page.locator('.message.marked', { hasText: 'WS-7 beacons' }).waitFor()
  t.same(errors, [])
  await context.close()
})

t.test(
  '[ROOM103] A asks and R replies, about the focused message or what is selected, while nobody types',
  async (t) => {
    const event_id = await room.createEvent(room.alice)
    await post(event_id, { message: 'first clue' })
    await post(event_id, { message: 'second clue' })
    const { page, context } = await room.openAsEngineer('cyd', event_id)
    await withText(page, 'second clue').waitFor()
    await selectText(page, 'first clue', 'first clue', 'first clue')
    await bar(page).waitFor()
    const [barBox, timelineBox] = [await bar(page).boundingBox(), await page.locator('.timeline').boundingBox()]
    t.ok((barBox?.x ?? 0) > (timelineBox?.x ?? 0), 'the bar covers nothing of the list of events')
    await page.keyboard.press('Escape')
    await bar(page).waitFor({ state: 'detached' })
    await withText(page, 'first clue').focus()
    await page.keyboard.press('j')
    await page.locator('.message:focus', { hasText: 'second clue' }).waitFor()
    await page.keyboard.press('r')
    t.match(await draftQuote(page).innerText(), 'second clue')
    t.equal(await getRecipient(page).inputValue(), 'room')
    await page.locator('.composer textarea:focus').waitFor()
    await page.keyboard.type('a r')
    t.equal(await getComposer(page).inputValue(), 'a r', 'they are letters there')

    await selectText(page, 'first clue', 'first clue', 'first clue')
    await bar(page).waitFor()
    await page.keyboard.press('a')
    await draftQuote(page).filter({ hasText: 'first clue' }).waitFor()
    t.equal(await getRecipient(page).inputValue(), 'private')
    t.equal(await getComposer(page).inputValue(), 'a r', 'what was written stays')
    await context.close()
  },
)

t.test(
  '[ROOM104] a quote stays with the draft, also across a reload and in other tabs, until it is removed',
  async (t) => {
    const event_id = await room.createEvent(room.alice)
    await post(event_id, { message: 'the host is ours' })
    const { page, context, errors } = await room.openAsEngineer('dan', event_id)
    await act(page, 'the host is ours', 'Ask the AI about this')
    await draftQuote(page).waitFor()
    await page.reload()
    await draftQuote(page).filter({ hasText: 'the host is ours' }).waitFor()
    t.equal(await getComposer(page).inputValue(), 'What does this mean for us?')
    const second = await context.newPage()
    await second.goto(page.url())
    await draftQuote(second).waitFor()

    await getComposer(page).press('Escape')
    await draftQuote(page).waitFor({ state: 'detached' })
    await draftQuote(second).waitFor({ state: 'detached' })
    t.equal(await getComposer(page).inputValue(), '', 'the suggested start goes with it')
    await act(page, 'the host is ours', 'Reply with quote')
    await draftQuote(page).locator('[aria-label^="Remove the quote"]').click()
    await draftQuote(page).waitFor({ state: 'detached' })
    await page.locator('.composer textarea:focus').waitFor()
    await page.locator('.toast', { hasText: 'The quote was removed.' }).locator('button', { hasText: 'Undo' }).click()
    await draftQuote(page).filter({ hasText: 'the host is ours' }).waitFor()
    t.same(errors, [])
    await context.close()
  },
)

t.test('[ROOM104] what only its reader sees is shared before others read a quote of it', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const [eve, fay] = [await room.openAsEngineer('eve', event_id), await room.openAsEngineer('fay', event_id)]
  const { page } = eve
  await sendText(page, '@AI who was it?')
  await answer(page).locator('.facts').waitFor()
  await act(page, 'Answer to: who was it?', 'Reply with quote')
  await getComposer(page).fill('The AI says')
  await getComposer(page).press('Enter')
  const notice = page.locator('.quote-blocked')
  await notice.waitFor()
  t.equal(await getComposer(page).inputValue(), 'The AI says', 'nothing is sent')
  t.ok(await page.locator('.composer .send').isDisabled())
  t.same(await listViolations(page), [])
  await getRecipient(page).selectOption('private')
  await notice.waitFor({ state: 'detached' })
  await getRecipient(page).selectOption('room')
  await notice.getByText('Share this session').click()
  await page.locator('.dialog .primary').click()
  await page.locator('.dialog').waitFor({ state: 'detached' })
  await notice.waitFor({ state: 'detached' })
  await getComposer(page).press('Enter')
  const reply = withText(fay.page, 'The AI says')
  await reply.waitFor()
  t.match(await reply.locator('.quote').innerText(), /Assistant[\s\S]*Answer to: who was it\?/)
  t.match(await reply.locator('.byline').innerText(), 'People only')
  t.same([eve.errors, fay.errors], [[], []])
  await Promise.all([eve.context.close(), fay.context.close()])
})

t.test('[ROOM105] a reply shows what it quotes to the other, as data, and leads to it, however old', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { message_id } = await post(event_id, { message: 'see **evil** invoice\u202efdp.exe <b>x</b>' })
  await insertMessages(room, event_id, 300, 2)
  const gil = await room.openAsEngineer('gil', event_id)
  const quote = { message_id, text: 'see **evil** invoice⟨U+202E⟩fdp.exe <b>x</b>' }
  await post(event_id, { message: 'I have it', quote }, room.bob)
  const reply = withText(gil.page, 'I have it')
  await reply.waitFor()
  t.match(await reply.locator('.quote').innerText(), 'see **evil** invoice⟨U+202E⟩fdp.exe <b>x</b>')
  t.match(await reply.locator('.quote-head').innerText(), /alice\s+\d\d:\d\d/)
  await reply.locator('.quote').click()
  await gil.page.locator('.message.marked', { hasText: 'see **evil**' }).waitFor()
  t.same([gil.errors, gil.outsideRequests], [[], []])
  await gil.context.close()
})

t.test('[ROOM105] in Chinese and on a light screen it is as readable; a long quote unfolds', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const text = Array.from({ length: 12 }, (_, index) => `第 ${index} 行`).join('\n')
  const { message_id } = await post(event_id, { message: text })
  await post(event_id, { message: '已处理', quote: { message_id, text } }, room.bob)
  const { page, context } = await room.openAsEngineer('hal', event_id, { locale: 'zh-CN', colorScheme: 'light' })
  const reply = withText(page, '已处理')
  await reply.getByText('展开全部').click()
  t.match(await reply.locator('.quote .text').innerText(), '第 11 行')
  t.same(await listViolations(page), [])
  await act(page, '已处理', '引用回复')
  await draftQuote(page).filter({ hasText: '已处理' }).waitFor()
  t.same(await listViolations(page), [])
  await context.close()
})

/** Selects all that a message says. */
const selectAll = (page: Page, text: string) =>
  withText(page, text)
    .locator('.prose, .text')
    .first()
    .evaluate((shown) => getSelection()?.selectAllChildren(shown))

t.test('[ROOM103] what the page shows can be selected and quoted: commands, links, code, tables', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const agentPost = { message_from: '_executor', message_type: 'llm_response', round_id: 1 }
  const command = { content: 'No such port.', host: 'WS-7', lines: ['a', 2], status: 'failed', command: 'netstat -ano' }
  await post(event_id, { ...agentPost, message_content: command }, room.captain)
  const markdown = [
    'Read [our guide](https://evil.example/x), ![a map](https://evil.example/m) and **1.2.3.4**.',
    '```bash\nwhoami /all\n```',
    '| host | [state](https://a.example) |\n|---|---|\n| WS-7 | up |',
    '1. first\n2. second\n\n> said\n\n- [x] done',
  ].join('\n\n')
  const content = { content: markdown, format: 'markdown' }
  await post(event_id, { ...agentPost, message_from: '_captain', message_content: content }, room.captain)
  const { page, context, errors } = await room.openAsEngineer('ivy', event_id)
  for (const [text, part] of [
    ['netstat', 'failed'],
    ['our guide', '(evil.example)'],
  ] as const) {
    await withText(page, text).locator('.fold').click()
    await withText(page, text).locator('.unfolded').waitFor()
    await selectAll(page, text)
    await bar(page).getByText('Reply with quote').click()
    await draftQuote(page).filter({ hasText: part }).waitFor()
    await sendText(page, `about ${text}`)
    const sent = page.locator('.message.own:not(.unsent)', { hasText: `about ${text}` })
    await sent.waitFor()
    t.match(await sent.locator('.quote').textContent(), part)
  }
  await page.setViewportSize({ width: 390, height: 844 })
  await page.reload()
  await withText(page, 'netstat').waitFor()
  await selectAll(page, 'netstat')
  await bar(page).waitFor()
  for (const button of await bar(page).locator('button').all()) {
    const { x = 0, width = 400 } = (await button.boundingBox()) ?? {}
    t.ok(x >= 8 && x + width <= 382, 'the bar fits on a phone')
  }
  t.same(errors, [])
  await context.close()
})
