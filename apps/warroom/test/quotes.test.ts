import type { Message } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { getComposer, getRecipient, jumpTo, sendText, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { insertMessages } from '../testing/insert-messages.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const getMessage = (page: Page, text: string) => page.locator('.message', { hasText: text }).first()
const getLastAnswer = (page: Page) => page.locator('.message[data-kind=ai]').last()
const getDraftQuote = (page: Page) => page.locator('.draft-quote .quote')
const getSelectionBar = (page: Page) => page.locator('.selection-bar')

async function postMessage(event_id: string, body: object, author = warRoom.alice): Promise<Message> {
  const { body: postedMessage } = await author.call<Message>(
    warRoom.getApiUrl(0),
    'POST',
    `/api/events/${event_id}/messages`,
    body,
  )
  return postedMessage
}

async function clickAction(page: Page, text: string, label: string): Promise<void> {
  await getMessage(page, text).hover()
  await getMessage(page, text).locator(`.actions button[aria-label="${label}"]`).click()
}

/** Selects lines of the message that contains `text` with the mouse, from the first line to the end of the last one. */
async function selectLines(page: Page, text: string, firstLine: string, lastLine: string): Promise<void> {
  const firstElement = getMessage(page, text).getByText(firstLine)
  const lastElement = getMessage(page, text).getByText(lastLine)
  await firstElement.hover()
  const [firstBox, lastBox] = [await firstElement.boundingBox(), await lastElement.boundingBox()]
  if (!firstBox || !lastBox) throw new Error('The text is not shown.')
  await page.mouse.move(firstBox.x + 1, firstBox.y + 3)
  await page.mouse.down()
  await page.mouse.move(lastBox.x + lastBox.width - 3, lastBox.y + lastBox.height - 3, { steps: 4 })
  await page.mouse.up()
}

const MARKDOWN = 'WS-7 beacons to **evil.example** hourly.\n\n- isolate WS-7\n- block the domain'

t.test('[ROOM103] a bar offers the frequent actions on a message, and a menu the others', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  await postMessage(event_id, { message: 'the host is ours' })
  const { page, context, errors } = await warRoom.openAsEngineer('ada', event_id)
  await getMessage(page, 'the host is ours').hover()
  const buttonLabels = await getMessage(page, 'the host is ours')
    .locator('.actions > button')
    .evaluateAll((buttons) => buttons.map((button) => button.ariaLabel))
  t.same(buttonLabels, ['Ask the AI about this', 'Reply with quote', 'Pin as evidence', 'Copy text', 'More'])
  await clickAction(page, 'the host is ours', 'More')
  const menuItems = page.locator('[role=menu]:popover-open [role=menuitem]')
  await menuItems.nth(1).waitFor()
  t.same(await menuItems.allInnerTexts(), ['Copy link', 'Source'])
  t.same(await listViolations(page), [])
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.locator('.dialog', { hasText: '"content": "the host is ours"' }).waitFor()
  t.same(errors, [])
  await context.close()
})

t.test(
  '[ROOM103] a question about a selected text has its quote and a suggested start, and the answer cites it',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const message_content = { content: MARKDOWN, format: 'markdown' }
    const agentPost = { message_from: '_captain', message_type: 'llm_response', message_content, round_id: 1 }
    await postMessage(event_id, agentPost, warRoom.agent)
    const { page, context, errors } = await warRoom.openAsEngineer('ben', event_id)

    await getMessage(page, 'WS-7 beacons').locator('.fold').click()
    await getMessage(page, 'WS-7 beacons').locator('.unfolded').waitFor()
    await selectLines(page, 'WS-7 beacons', 'WS-7 beacons', 'isolate WS-7')
    await getSelectionBar(page).waitFor()
    t.same(await listViolations(page), [])
    await getSelectionBar(page).getByText('Ask the AI about this').click()
    await getSelectionBar(page).waitFor({ state: 'detached' })
    t.match(await getDraftQuote(page).innerText(), /Captain[\s\S]*WS-7 beacons to evil\.example hourly\.\nisolate WS-7/)
    t.equal(await getRecipient(page).inputValue(), 'private')
    t.equal(await getComposer(page).inputValue(), 'What does this mean for us?')
    t.same(await listViolations(page), [])
    await page.keyboard.type('why hourly [quo1]?')
    await page.keyboard.press('Enter')

    await getLastAnswer(page).locator('.facts').waitFor()
    const questionRow = page.locator('.message.own', { hasText: 'why hourly' })
    t.match(await questionRow.locator('.quote').innerText(), /Captain[\s\S]*isolate WS-7/)
    t.equal(await getDraftQuote(page).count(), 0)
    const { question: questionForModel = '' } = warRoom.model.calls.at(-1) ?? {}
    t.match(
      questionForModel,
      /^<<<DATA-\w+ quo1 quote: agent captain, 20\S+\nWS-7 beacons to evil\.example hourly\.\nisolate WS-7\n/,
    )
    await jumpTo(page, 'WS-7 beacons', () =>
      getLastAnswer(page).locator('.cite', { hasText: '[quo1]' }).first().click(),
    )
    t.same(errors, [])
    await context.close()
  },
)

t.test(
  '[ROOM103] the key A asks about the focused message or the selected text, and R replies to it, unless the reader is typing',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    await postMessage(event_id, { message: 'first clue' })
    await postMessage(event_id, { message: 'second clue' })
    const { page, context } = await warRoom.openAsEngineer('cyd', event_id)
    await getMessage(page, 'second clue').waitFor()
    await selectLines(page, 'first clue', 'first clue', 'first clue')
    await getSelectionBar(page).waitFor()
    const [barBox, timelineBox] = [
      await getSelectionBar(page).boundingBox(),
      await page.locator('.timeline').boundingBox(),
    ]
    t.ok((barBox?.x ?? 0) > (timelineBox?.x ?? 0), 'the bar does not cover the list of events')
    await page.keyboard.press('Escape')
    await getSelectionBar(page).waitFor({ state: 'detached' })
    await getMessage(page, 'first clue').focus()
    await page.keyboard.press('j')
    await page.locator('.message:focus', { hasText: 'second clue' }).waitFor()
    await page.keyboard.press('r')
    t.match(await getDraftQuote(page).innerText(), 'second clue')
    t.equal(await getRecipient(page).inputValue(), 'room')
    await page.locator('.composer textarea:focus').waitFor()
    await page.keyboard.type('a r')
    t.equal(await getComposer(page).inputValue(), 'a r', 'in the box both keys type letters')

    await selectLines(page, 'first clue', 'first clue', 'first clue')
    await getSelectionBar(page).waitFor()
    await page.keyboard.press('a')
    await getDraftQuote(page).filter({ hasText: 'first clue' }).waitFor()
    t.equal(await getRecipient(page).inputValue(), 'private')
    t.equal(await getComposer(page).inputValue(), 'a r', 'the written text stays')
    await context.close()
  },
)

t.test(
  '[ROOM104] a quote stays with the draft, also across a reload and in other tabs, until it is removed',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    await postMessage(event_id, { message: 'the host is ours' })
    const { page, context, errors } = await warRoom.openAsEngineer('dan', event_id)
    await clickAction(page, 'the host is ours', 'Ask the AI about this')
    await getDraftQuote(page).waitFor()
    await page.reload()
    await getDraftQuote(page).filter({ hasText: 'the host is ours' }).waitFor()
    t.equal(await getComposer(page).inputValue(), 'What does this mean for us?')
    const secondTab = await context.newPage()
    await secondTab.goto(page.url())
    await getDraftQuote(secondTab).waitFor()

    await getComposer(page).press('Escape')
    await getDraftQuote(page).waitFor({ state: 'detached' })
    await getDraftQuote(secondTab).waitFor({ state: 'detached' })
    t.equal(await getComposer(page).inputValue(), '', 'the suggested start is removed with the quote')
    await clickAction(page, 'the host is ours', 'Reply with quote')
    await getDraftQuote(page).locator('[aria-label^="Remove the quote"]').click()
    await getDraftQuote(page).waitFor({ state: 'detached' })
    await page.locator('.composer textarea:focus').waitFor()
    await page.locator('.toast', { hasText: 'The quote was removed.' }).locator('button', { hasText: 'Undo' }).click()
    await getDraftQuote(page).filter({ hasText: 'the host is ours' }).waitFor()
    t.same(errors, [])
    await context.close()
  },
)

t.test('[ROOM104] a private message must be shared before its quote is sent to the room', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const [eve, fay] = [await warRoom.openAsEngineer('eve', event_id), await warRoom.openAsEngineer('fay', event_id)]
  const { page } = eve
  await sendText(page, '@AI who was it?')
  await getLastAnswer(page).locator('.facts').waitFor()
  await clickAction(page, 'Answer to: who was it?', 'Reply with quote')
  await getComposer(page).fill('The AI says')
  await getComposer(page).press('Enter')
  const shareNotice = page.locator('.quote-blocked')
  await shareNotice.waitFor()
  t.equal(await getComposer(page).inputValue(), 'The AI says', 'the text is not sent')
  t.ok(await page.locator('.composer .send').isDisabled())
  t.same(await listViolations(page), [])
  await getRecipient(page).selectOption('private')
  await shareNotice.waitFor({ state: 'detached' })
  await getRecipient(page).selectOption('room')
  await shareNotice.getByText('Share this session').click()
  await page.locator('.dialog .primary').click()
  await page.locator('.dialog').waitFor({ state: 'detached' })
  await shareNotice.waitFor({ state: 'detached' })
  await getComposer(page).press('Enter')
  const reply = getMessage(fay.page, 'The AI says')
  await reply.waitFor()
  t.match(await reply.locator('.quote').innerText(), /Assistant[\s\S]*Answer to: who was it\?/)
  t.match(await reply.locator('.byline').innerText(), 'People only')
  t.same([eve.errors, fay.errors], [[], []])
  await Promise.all([eve.context.close(), fay.context.close()])
})

t.test('[ROOM105] a reply shows its quote to others as plain text, and links to an old quoted message', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { message_id } = await postMessage(event_id, { message: 'see **evil** invoice\u202efdp.exe <b>x</b>' })
  await insertMessages(warRoom, event_id, { count: 300, firstPosition: 2 })
  const gil = await warRoom.openAsEngineer('gil', event_id)
  const quote = { message_id, text: 'see **evil** invoice⟨U+202E⟩fdp.exe <b>x</b>' }
  await postMessage(event_id, { message: 'I have it', quote }, warRoom.bob)
  const reply = getMessage(gil.page, 'I have it')
  await reply.waitFor()
  t.match(await reply.locator('.quote').innerText(), 'see **evil** invoice⟨U+202E⟩fdp.exe <b>x</b>')
  t.match(await reply.locator('.quote-head').innerText(), /alice\s+\d\d:\d\d/)
  await jumpTo(gil.page, 'see **evil**', () => reply.locator('.quote').click())
  t.same([gil.errors, gil.externalRequests], [[], []])
  await gil.context.close()
})

t.test('[ROOM105] axe finds no violation in a quote in Chinese and light theme; a long quote unfolds', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const text = Array.from({ length: 12 }, (_, index) => `第 ${index} 行`).join('\n')
  const { message_id } = await postMessage(event_id, { message: text })
  await postMessage(event_id, { message: '已处理', quote: { message_id, text } }, warRoom.bob)
  const { page, context } = await warRoom.openAsEngineer('hal', event_id, { locale: 'zh-CN', colorScheme: 'light' })
  const reply = getMessage(page, '已处理')
  await reply.getByText('展开全部').click()
  t.match(await reply.locator('.quote .text').innerText(), '第 11 行')
  t.same(await listViolations(page), [])
  await clickAction(page, '已处理', '引用回复')
  await getDraftQuote(page).filter({ hasText: '已处理' }).waitFor()
  t.same(await listViolations(page), [])
  await context.close()
})

/** Selects the whole text of a message. */
const selectWholeText = (page: Page, text: string) =>
  getMessage(page, text)
    .locator('.prose, .text')
    .first()
    .evaluate((element) => getSelection()?.selectAllChildren(element))

t.test('[ROOM103] commands, links, code and tables can be selected and quoted', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const agentPost = { message_from: '_executor', message_type: 'llm_response', round_id: 1 }
  const commandContent = {
    content: 'No such port.',
    host: 'WS-7',
    lines: ['a', 2],
    status: 'failed',
    command: 'netstat -ano',
  }
  await postMessage(event_id, { ...agentPost, message_content: commandContent }, warRoom.agent)
  const markdown = [
    'Read [our guide](https://evil.example/x), ![a map](https://evil.example/m) and **1.2.3.4**.',
    '```bash\nwhoami /all\n```',
    '| host | [state](https://a.example) |\n|---|---|\n| WS-7 | up |',
    '1. first\n2. second\n\n> said\n\n- [x] done',
  ].join('\n\n')
  const markdownContent = { content: markdown, format: 'markdown' }
  await postMessage(
    event_id,
    { ...agentPost, message_from: '_captain', message_content: markdownContent },
    warRoom.agent,
  )
  const { page, context, errors } = await warRoom.openAsEngineer('ivy', event_id)
  for (const [text, part] of [
    ['netstat', 'failed'],
    ['our guide', '(evil.example)'],
  ] as const) {
    await getMessage(page, text).locator('.fold').click()
    await getMessage(page, text).locator('.unfolded').waitFor()
    await selectWholeText(page, text)
    await getSelectionBar(page).getByText('Reply with quote').click()
    await getDraftQuote(page).filter({ hasText: part }).waitFor()
    await sendText(page, `about ${text}`)
    const reply = page.locator('.message.own:not(.unsent)', { hasText: `about ${text}` })
    await reply.waitFor()
    t.match(await reply.locator('.quote').textContent(), part)
  }
  const phoneWidthPx = 390
  await page.setViewportSize({ width: phoneWidthPx, height: 844 })
  await page.reload()
  await getMessage(page, 'netstat').waitFor()
  await selectWholeText(page, 'netstat')
  await getSelectionBar(page).waitFor()
  for (const button of await getSelectionBar(page).locator('button').all()) {
    const { x = 0, width = 0 } = (await button.boundingBox()) ?? {}
    t.ok(x >= 8 && x + width <= phoneWidthPx - 8, 'each button is at least 8 px from the edges of a phone')
  }
  t.same(errors, [])
  await context.close()
})
