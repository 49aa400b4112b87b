import type { Message } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { sendText } from '../testing/browser.ts'
import { insertMessages } from '../testing/insert-messages.ts'
import { readPlace } from '../testing/reading-place.ts'
import { openWarRoom } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

const inRoom = (event_id: string) => `/api/events/${event_id}/messages`
const say = (event_id: string, message: string) =>
  room.alice.call<Message>(room.getApiUrl(0), 'POST', inRoom(event_id), { message })

async function postAs(event_id: string, role: string, message_content: unknown, more: object = {}): Promise<string> {
  const post = { message_from: role, message_type: 'command_result', round_id: 1, message_content, ...more }
  const { status, body } = await room.captain.call<Message>(room.getApiUrl(0), 'POST', inRoom(event_id), post)
  if (status !== 201) throw new Error(`The message was not stored: ${status}`)
  return body.message_id
}

const row = (page: Page, text: string) => page.locator('.message', { hasText: text })
const openLink = (page: Page, event_id: string, message_id: string) =>
  page.evaluate((hash) => location.assign(hash), `#/events/${event_id}/messages/${message_id}`)
const isUnfolded = (page: Page, text: string) => row(page, text).locator('.unfolded').waitFor()

t.test('[ROOM100] messages of one role are a group with one head, which a person and a new role end', async (t) => {
  const event_id = await room.createEvent(room.alice)
  for (const text of ['finding one', 'finding two']) await postAs(event_id, '_executor', text)
  await postAs(event_id, '_expert', 'an opinion')
  await say(event_id, 'a question to all')
  await postAs(event_id, '_expert', 'one more opinion')
  const { page, context } = await room.openAsEngineer('ann', event_id)
  t.teardown(() => context.close())
  await row(page, 'one more opinion').waitFor()
  const heads = await page
    .locator('.message.agent')
    .evaluateAll((rows) => rows.map((one) => one.querySelector('.agent-role strong')?.textContent ?? ''))
  t.same(heads, ['Executor', '', 'Expert', 'Expert'])
  await row(page, 'one more opinion').focus()
  const reached: string[] = []
  for (let step = 0; step < 4; step += 1) {
    await page.keyboard.press('k')
    reached.push(await page.evaluate(() => document.activeElement?.querySelector('.prose')?.textContent ?? ''))
  }
  t.same(reached, ['a question to all', 'an opinion', 'finding two', 'finding one'], 'each row is reached by key')
})

t.test(
  '[ROOM100] what an agent ran stands in a fixed font with its status; one line until it is unfolded',
  async (t) => {
    const event_id = await room.createEvent(room.alice)
    const lines = Array.from({ length: 30 }, (_, index) => `line  ${index}`).join('\n')
    const ran = await postAs(event_id, '_executor', { content: lines, command: 'netstat -ano', status: 'Failed' })
    const far = `${'a word '.repeat(80)} at 203.0.113.9`
    await postAs(event_id, '_executor', far)
    await postAs(event_id, '_executor', 'short')
    const denied = { content: 'no right', command: 'waf.rule' }
    await postAs(event_id, '_executor', denied, { message_type: 'error_command' })
    const { page, context, errors } = await room.openAsEngineer('ben', event_id)
    t.teardown(() => context.close())
    await row(page, 'netstat').waitFor()
    const [height, font] = await row(page, 'netstat').evaluate((one) => [
      one.querySelector('.one-line')?.clientHeight,
      getComputedStyle(one.querySelector('.command-line code') ?? one).fontFamily,
    ])
    t.equal(height, 20)
    t.match(font, /mono/i)
    t.equal(await row(page, 'netstat').locator('.command-line.failed .status').textContent(), 'status Failed')
    t.equal(await row(page, 'short').locator('.fold').count(), 0, 'nothing more to show')
    t.equal(await row(page, 'waf.rule').locator('.type-mark.error').count(), 1, 'an error without a status is marked')

    await row(page, 'netstat').locator('.fold').press('Enter')
    await isUnfolded(page, 'netstat')
    t.equal(await row(page, 'netstat').locator('.text').innerText(), lines, 'character by character')
    await row(page, 'netstat').locator('.fold[aria-expanded=true]').press('Enter')
    await row(page, 'netstat').locator('.one-line').waitFor()

    await row(page, 'a word').locator('.indicator').focus()
    await isUnfolded(page, 'a word')
    await openLink(page, event_id, ran)
    await isUnfolded(page, 'netstat')
    t.same(await listViolations(page), [])
    t.same(errors, [])
  },
)

t.test('[ROOM101] a line says where a round begins, when, and of how many messages it is', async (t) => {
  const event_id = await room.createEvent(room.alice)
  for (const text of ['first', 'second']) await postAs(event_id, '_executor', text)
  for (const text of ['third', 'fourth']) await postAs(event_id, '_executor', text, { round_id: 2 })
  await postAs(event_id, '_executor', 'late')
  const { page, context } = await room.openAsEngineer('cal', event_id)
  t.teardown(() => context.close())
  await row(page, 'late').waitFor()
  const lines = await page.locator('.separator.round').allInnerTexts()
  t.same(
    lines.map((line) => line.replace(/\d\d:\d\d/, 'time')),
    ['Round 1 · time · 3 messages', 'Round 2 · time · 2 messages'],
  )
  const named = await page
    .locator('.message.agent')
    .evaluateAll((rows) => rows.map((one) => one.querySelector('.when .type')?.textContent ?? ''))
  t.same(named, ['', '', '', '', 'Round 1'], 'a late message names its round')
  await postAs(event_id, '_expert', 'fifth', { round_id: 2 })
  await page.locator('.separator.round', { hasText: '3 messages' }).nth(1).waitFor()
})

const choose = (page: Page, name: string) => page.locator('.filter-choice label', { hasText: name }).click()
const chosen = (page: Page) => page.locator('.filter-choice label:has(:checked)').innerText()
const hiddenCount = (page: Page, text: string) =>
  page.waitForFunction((expected) => document.querySelector('.hidden-count')?.textContent === expected, text)
const waitForShown = (page: Page, texts: string[]) =>
  page.waitForFunction(
    (expected) =>
      [...document.querySelectorAll('.message .prose')].map(({ textContent }) => textContent).join() === expected,
    texts.join(),
  )

t.test('[ROOM102] a room shows what its reader chose, by mouse and key, and says how much is hidden', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const finding = await postAs(event_id, '_executor', 'a finding')
  await postAs(event_id, '_expert', 'an opinion')
  await say(event_id, 'a post')
  await room.alice.call(room.getApiUrl(0), 'PUT', `/api/events/${event_id}/pins/${finding}`)
  const { page, context } = await room.openAsEngineer('dan', event_id)
  t.teardown(() => context.close())
  await row(page, 'a post').waitFor()
  await choose(page, 'People')
  await hiddenCount(page, '2 hidden')
  await page.locator('[data-testid=announcer]', { hasText: '2 hidden' }).waitFor()
  t.equal(await page.locator('.filter-bar [role=status]').count(), 0, 'what comes later is not read out')
  await waitForShown(page, ['a post'])
  await page.keyboard.press('ArrowRight')
  await hiddenCount(page, '1 hidden')
  await waitForShown(page, ['a finding', 'an opinion'])
  await page.keyboard.press('ArrowRight')
  await page.locator('.rows', { hasText: 'Nothing of this kind yet.' }).waitFor()
  await page.keyboard.press('ArrowRight')
  await hiddenCount(page, '2 hidden')
  await waitForShown(page, ['a finding'])
  t.same(await listViolations(page), [])

  const other = await room.createEvent(room.alice)
  await page.evaluate((hash) => location.assign(hash), `#/events/${other}`)
  await page.waitForFunction(() => document.querySelector('.filter-choice :checked')?.getAttribute('value') === 'all')
  await page.evaluate((hash) => location.assign(hash), `#/events/${event_id}`)
  await page.waitForFunction(
    () => document.querySelector('.filter-choice :checked')?.getAttribute('value') === 'pinned',
  )
})

t.test('[ROOM102] what is new and hidden is counted and stays unread until it is shown', async (t) => {
  const event_id = await room.createEvent(room.alice, { event_name: 'Counted room' })
  await say(event_id, 'seen before')
  const { page, context } = await room.openAsEngineer('eve', event_id)
  t.teardown(() => context.close())
  await row(page, 'seen before').waitFor()
  await page.reload() // A first visit has no line above what is new.
  await row(page, 'seen before').waitFor()
  await choose(page, 'People')
  await postAs(event_id, '_executor', 'came hidden')
  await hiddenCount(page, '1 hidden1 new')
  await say(event_id, 'came shown')
  await row(page, 'came shown').waitFor()
  await page.locator('a.event', { hasText: 'Counted room' }).locator('.unread-count', { hasText: '2' }).waitFor()
  await choose(page, 'All')
  await row(page, 'came hidden').waitFor()
  await page.locator('a.event', { hasText: 'Counted room' }).locator('.unread-count').waitFor({ state: 'detached' })
  const newRows = await page.locator(':has(> [data-row=unread]) ~ * .message').allTextContents()
  t.match(newRows[0], 'came hidden', 'the line stands above what was hidden')
  await choose(page, 'People')
  await hiddenCount(page, '1 hidden')
})

t.test('[ROOM102] a link to a hidden message and one’s own hidden question show all again', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const finding = await postAs(event_id, '_executor', 'a finding')
  await say(event_id, 'a post')
  const { page, context } = await room.openAsEngineer('fay', event_id)
  t.teardown(() => context.close())
  await row(page, 'a post').waitFor()
  await choose(page, 'People')
  await row(page, 'a finding').waitFor({ state: 'detached' })
  await openLink(page, event_id, finding)
  await page.locator('.message.marked', { hasText: 'a finding' }).waitFor()
  t.equal(await chosen(page), 'All')

  await choose(page, 'People')
  await sendText(page, 'a post of mine')
  await row(page, 'a post of mine').waitFor()
  t.equal(await chosen(page), 'People', 'what is shown lifts nothing')
  await sendText(page, '@AI a question of mine')
  await page.locator('.message.own', { hasText: 'a question of mine' }).first().waitFor()
  t.equal(await chosen(page), 'All')
})

t.test('[ROOM102] a filter finds what is older than the loaded messages, and keeps the reader’s place', async (t) => {
  const event_id = await room.createEvent(room.alice)
  await say(event_id, 'the only post')
  await insertMessages(room, event_id, 250, 2)
  const { page, context } = await room.openAsEngineer('gus', event_id)
  t.teardown(() => context.close())
  await row(page, 'number 251:').waitFor()
  await readPlace(page)
  await choose(page, 'People')
  await row(page, 'the only post').waitFor()
  await hiddenCount(page, '250 hidden')
})
