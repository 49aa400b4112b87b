import type { Message } from '@engineer-chat/protocol'
import type { Page, Route } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { getComposer, jumpTo, sendText, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { insertMessages } from '../testing/insert-messages.ts'
import { waitUntilStill } from '../testing/reading-place.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const toMessagesPath = (event_id: string) => `/api/events/${event_id}/messages`
/** Posts a message as the engineer alice. */
const postMessage = (event_id: string, message: string) =>
  warRoom.alice.call<Message>(warRoom.getApiUrl(0), 'POST', toMessagesPath(event_id), { message })

/** Posts a message as an agent with this role, in round 1 unless `fields` names another one. Returns its id. */
async function postAsAgent(
  event_id: string,
  role: string,
  message_content: unknown,
  fields: object = {},
): Promise<string> {
  const post = { message_from: role, message_type: 'command_result', round_id: 1, message_content, ...fields }
  const { status, body } = await warRoom.agent.call<Message>(
    warRoom.getApiUrl(0),
    'POST',
    toMessagesPath(event_id),
    post,
  )
  if (status !== 201) throw new Error(`The message was not stored: ${status}`)
  return body.message_id
}

const getRow = (page: Page, text: string) => page.locator('.message', { hasText: text })
const openLink = (page: Page, event_id: string, message_id: string) =>
  page.evaluate((hash) => location.assign(hash), `#/events/${event_id}/messages/${message_id}`)
const waitForUnfolded = (page: Page, text: string) => getRow(page, text).locator('.unfolded').waitFor()

t.test(
  '[ROOM100] consecutive messages of one role form a group with one header; a message of another sender ends it',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    for (const text of ['finding one', 'finding two']) await postAsAgent(event_id, '_executor', text)
    await postAsAgent(event_id, '_expert', 'an opinion')
    await postMessage(event_id, 'a question to all')
    await postAsAgent(event_id, '_expert', 'one more opinion')
    const { page, context } = await warRoom.openAsEngineer('ann', event_id)
    t.teardown(() => context.close())
    await getRow(page, 'one more opinion').waitFor()
    const headers = await page
      .locator('.message.agent')
      .evaluateAll((rows) => rows.map((row) => row.querySelector('.agent-role strong')?.textContent ?? ''))
    t.same(headers, ['Executor', '', 'Expert', 'Expert'])
    await getRow(page, 'one more opinion').focus()
    const reachedTexts: string[] = []
    for (let step = 0; step < 4; step += 1) {
      await page.keyboard.press('k')
      reachedTexts.push(await page.evaluate(() => document.activeElement?.querySelector('.prose')?.textContent ?? ''))
    }
    t.same(
      reachedTexts,
      ['a question to all', 'an opinion', 'finding two', 'finding one'],
      'each row is reached by key',
    )
  },
)

t.test(
  '[ROOM100] the command of an agent has a fixed-width font and its status, on one line until it is unfolded',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const lines = Array.from({ length: 30 }, (_, index) => `line  ${index}`).join('\n')
    const commandId = await postAsAgent(event_id, '_executor', {
      content: lines,
      command: 'netstat -ano',
      status: 'Failed',
    })
    const longText = `${'a word '.repeat(80)} at 203.0.113.9`
    await postAsAgent(event_id, '_executor', longText)
    await postAsAgent(event_id, '_executor', 'short')
    const deniedCommand = { content: 'no right', command: 'waf.rule' }
    await postAsAgent(event_id, '_executor', deniedCommand, { message_type: 'error_command' })
    const { page, context, errors } = await warRoom.openAsEngineer('ben', event_id)
    t.teardown(() => context.close())
    await getRow(page, 'netstat').waitFor()
    const [heightPx, font] = await getRow(page, 'netstat').evaluate((row) => [
      row.querySelector('.one-line')?.clientHeight,
      getComputedStyle(row.querySelector('.command-line code') ?? row).fontFamily,
    ])
    t.equal(heightPx, 20, 'the message has the height of one line')
    t.match(font, /mono/i)
    t.equal(await getRow(page, 'netstat').locator('.command-line.failed .status').textContent(), 'status Failed')
    t.equal(await getRow(page, 'short').locator('.fold').count(), 0, 'a short message has no more to show')
    t.equal(
      await getRow(page, 'waf.rule').locator('.type-mark.error').count(),
      1,
      'an error without a status is marked',
    )

    await getRow(page, 'netstat').locator('.fold').press('Enter')
    await waitForUnfolded(page, 'netstat')
    t.equal(
      await getRow(page, 'netstat').locator('.text').innerText(),
      lines,
      'the text is shown character by character',
    )
    await getRow(page, 'netstat').locator('.fold[aria-expanded=true]').press('Enter')
    await getRow(page, 'netstat').locator('.one-line').waitFor()

    await getRow(page, 'a word').locator('.indicator').focus()
    await waitForUnfolded(page, 'a word')
    await openLink(page, event_id, commandId)
    await waitForUnfolded(page, 'netstat')
    t.same(await listViolations(page), [])
    t.same(errors, [])
  },
)

t.test('[ROOM101] a line shows where and when a round begins, and how many messages it has', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  for (const text of ['first', 'second']) await postAsAgent(event_id, '_executor', text)
  for (const text of ['third', 'fourth']) await postAsAgent(event_id, '_executor', text, { round_id: 2 })
  await postAsAgent(event_id, '_executor', 'late')
  const { page, context } = await warRoom.openAsEngineer('cal', event_id)
  t.teardown(() => context.close())
  await getRow(page, 'late').waitFor()
  const lines = await page.locator('.separator.round').allInnerTexts()
  t.same(
    lines.map((line) => line.replace(/\d\d:\d\d/, 'time')),
    ['Round 1 · time · 3 messages', 'Round 2 · time · 2 messages'],
  )
  const roundNames = await page
    .locator('.message.agent')
    .evaluateAll((rows) => rows.map((row) => row.querySelector('.when .type')?.textContent ?? ''))
  t.same(roundNames, ['', '', '', '', 'Round 1'], 'a message that arrives in a later round names its round')
  await postAsAgent(event_id, '_expert', 'fifth', { round_id: 2 })
  await page.locator('.separator.round', { hasText: '3 messages' }).nth(1).waitFor()
})

const chooseFilter = (page: Page, name: string) => page.locator('.filter-choice label', { hasText: name }).click()
const readChosenFilter = (page: Page) => page.locator('.filter-choice label:has(:checked)').innerText()
/** The text has no space between the number of hidden messages and the number of new ones: `1 hidden1 new`. */
const waitForHiddenCount = (page: Page, text: string) =>
  page.waitForFunction((expected) => document.querySelector('.hidden-count')?.textContent === expected, text)
/** Finds the unread count of an event in the list. Without `count` it may be any number. */
const getUnreadBadge = (page: Page, event: string, count = '') =>
  page.locator('a.event', { hasText: event }).locator('.unread-count', { hasText: count })
const waitForShownTexts = (page: Page, texts: string[]) =>
  page.waitForFunction(
    (expected) =>
      [...document.querySelectorAll('.message .prose')].map(({ textContent }) => textContent).join() === expected,
    texts.join(),
  )

t.test(
  '[ROOM102] a room shows the messages that its reader chose, by mouse and key, and the number of hidden ones',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const findingId = await postAsAgent(event_id, '_executor', 'a finding')
    await postAsAgent(event_id, '_expert', 'an opinion')
    await postMessage(event_id, 'a post')
    await warRoom.alice.call(warRoom.getApiUrl(0), 'PUT', `/api/events/${event_id}/pins/${findingId}`)
    const { page, context } = await warRoom.openAsEngineer('dan', event_id)
    t.teardown(() => context.close())
    await getRow(page, 'a post').waitFor()
    await chooseFilter(page, 'People')
    await waitForHiddenCount(page, '2 hidden')
    await page.locator('[data-testid=announcer]', { hasText: '2 hidden' }).waitFor()
    t.equal(
      await page.locator('.filter-bar [role=status]').count(),
      0,
      'the number is announced once, and not after each later message',
    )
    await waitForShownTexts(page, ['a post'])
    await page.keyboard.press('ArrowRight')
    await waitForHiddenCount(page, '1 hidden')
    await waitForShownTexts(page, ['a finding', 'an opinion'])
    await page.keyboard.press('ArrowRight')
    await page.locator('.rows', { hasText: 'Nothing of this kind yet.' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await waitForHiddenCount(page, '2 hidden')
    await waitForShownTexts(page, ['a finding'])
    t.same(await listViolations(page), [])

    const otherEventId = await warRoom.createEvent(warRoom.alice)
    await page.evaluate((hash) => location.assign(hash), `#/events/${otherEventId}`)
    await page.waitForFunction(() => document.querySelector('.filter-choice :checked')?.getAttribute('value') === 'all')
    await page.evaluate((hash) => location.assign(hash), `#/events/${event_id}`)
    await page.waitForFunction(
      () => document.querySelector('.filter-choice :checked')?.getAttribute('value') === 'pinned',
    )
  },
)

t.test('[ROOM102] new hidden messages are counted and stay unread until they are shown', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { event_name: 'Counted room' })
  await postMessage(event_id, 'seen before')
  const { page, context } = await warRoom.openAsEngineer('eve', event_id)
  t.teardown(() => context.close())
  await getRow(page, 'seen before').waitFor()
  await page.reload() // At a first visit there is no read position, so no line could appear.
  await getRow(page, 'seen before').waitFor()
  await chooseFilter(page, 'People')
  await postAsAgent(event_id, '_executor', 'arrived hidden')
  await waitForHiddenCount(page, '1 hidden1 new')
  await postMessage(event_id, 'arrived shown')
  await getRow(page, 'arrived shown').waitFor()
  await getUnreadBadge(page, 'Counted room', '2').waitFor()
  await chooseFilter(page, 'All')
  await getRow(page, 'arrived hidden').waitFor()
  await getUnreadBadge(page, 'Counted room').waitFor({ state: 'detached' })
  const rowsBelowLine = await page.locator(':has(> [data-row=unread]) ~ * .message').allTextContents()
  t.match(rowsBelowLine[0], 'arrived hidden', 'the unread line is above the message that was hidden')
  await chooseFilter(page, 'People')
  await waitForHiddenCount(page, '1 hidden')
})

t.test('[ROOM102] counts that arrive while the page sends a read mark are shown after the response', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { event_name: 'Marked room' })
  const otherEventId = await warRoom.createEvent(warRoom.alice, { event_name: 'The other room' })
  const { page, context } = await warRoom.openAsEngineer('mia', event_id)
  t.teardown(() => context.close())
  await getComposer(page).waitFor()
  await chooseFilter(page, 'People')
  const markRequest = Promise.withResolvers<Route>()
  await page.route('**/read', (route) => markRequest.resolve(route), { times: 1 })
  await postMessage(event_id, 'seen')
  const heldRequest = await markRequest.promise
  // The server stores the mark, and the page does not receive the response yet.
  const response = await heldRequest.fetch()
  await postAsAgent(event_id, '_executor', 'arrived hidden')
  await waitForHiddenCount(page, '1 hidden1 new')
  await postMessage(otherEventId, 'counted later')
  await getUnreadBadge(page, 'The other room', '1').waitFor()
  t.equal(
    await getUnreadBadge(page, 'Marked room').count(),
    0,
    'no count is shown, because the mark may cover the new message',
  )
  await heldRequest.fulfill({ response })
  await getUnreadBadge(page, 'Marked room', '1').waitFor()
})

t.test('[ROOM108] a list of events that was requested before a count arrived does not replace the count', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { event_name: 'Listed room' })
  const otherEventId = await warRoom.createEvent(warRoom.alice, { event_name: 'Open room' })
  const { page, context } = await warRoom.openAsEngineer('nia', otherEventId)
  t.teardown(() => context.close())
  const getBadge = (count?: string) => getUnreadBadge(page, 'Listed room', count)
  await postMessage(event_id, 'one')
  await getBadge('1').waitFor()
  const listRequest = Promise.withResolvers<Route>()
  await page.route('**/api/events?*', (route) => listRequest.resolve(route), { times: 1 })
  warRoom.proxy.cut()
  warRoom.proxy.connectTo(warRoom.getApiUrl(0)) // The page requests the list after each new connection.
  const heldRequest = await listRequest.promise
  const earlierList = await (await heldRequest.fetch()).text()
  await postMessage(event_id, 'two')
  await getBadge('2').waitFor()
  await heldRequest.fulfill({
    contentType: 'application/json',
    body: earlierList.replaceAll('Open room', 'From the list'),
  })
  await page.locator('a.event').filter({ hasText: 'From the list' }).waitFor()
  t.equal(await getBadge('2').count(), 1)
})

t.test('[ROOM102] opening a link to a hidden message, or sending a hidden question, removes the filter', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const findingId = await postAsAgent(event_id, '_executor', 'a finding')
  await postMessage(event_id, 'a post')
  const { page, context } = await warRoom.openAsEngineer('fay', event_id)
  t.teardown(() => context.close())
  await getRow(page, 'a post').waitFor()
  await chooseFilter(page, 'People')
  await getRow(page, 'a finding').waitFor({ state: 'detached' })
  await jumpTo(page, 'a finding', () => openLink(page, event_id, findingId))
  t.equal(await readChosenFilter(page), 'All')

  await chooseFilter(page, 'People')
  await sendText(page, 'a post of mine')
  await getRow(page, 'a post of mine').waitFor()
  t.equal(await readChosenFilter(page), 'People', 'a message that is shown does not remove the filter')
  await sendText(page, '@AI a question of mine')
  await page.locator('.message.own', { hasText: 'a question of mine' }).first().waitFor()
  t.equal(await readChosenFilter(page), 'All')
})

t.test('[ROOM102] a filter also finds messages older than the loaded ones, and counts the hidden ones', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  await postMessage(event_id, 'the only post')
  await insertMessages(warRoom, event_id, { count: 250, firstPosition: 2 })
  const { page, context } = await warRoom.openAsEngineer('gus', event_id)
  t.teardown(() => context.close())
  await getRow(page, 'number 251:').waitFor()
  await waitUntilStill(page)
  await chooseFilter(page, 'People')
  await getRow(page, 'the only post').waitFor()
  await waitForHiddenCount(page, '250 hidden')
})
