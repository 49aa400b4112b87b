import type { Message } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { getComposer, goToRoom, sendText, TEST_FILE_TIMEOUT_MS, writeToRoom } from '../testing/browser.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom({ apis: 2 })
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const getMessage = (page: Page, text: string) => page.locator('.message', { hasText: text })
const getAnswers = (page: Page) => page.locator('.message[data-kind=ai]')
const postMessage = (event_id: string, message: string, node = 0) =>
  warRoom.alice.call<Message>(warRoom.getApiUrl(node), 'POST', `/api/events/${event_id}/messages`, { message })
const listMessages = async (event_id: string, node = 0) => {
  const path = `/api/events/${event_id}/messages?limit=100`
  return (await warRoom.alice.call<{ messages: Message[] }>(warRoom.getApiUrl(node), 'GET', path)).body.messages
}

t.test(
  '[ROOM36] the page shows who is in the room and who is typing, but not that somebody is typing a question to the AI',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const [ann, ben] = [await warRoom.openAsEngineer('ann', event_id), await warRoom.openAsEngineer('ben', event_id)]
    const getPresentUsers = (names: string) => ann.page.locator(`.present[aria-label="Here now: ${names}"]`)
    await getPresentUsers('ann, ben').waitFor()
    await getComposer(ben.page).pressSequentially('@AI who')
    await postMessage(event_id, 'after the question')
    await getMessage(ann.page, 'after the question').waitFor()
    t.equal(await ann.page.locator('.typing').innerText(), '')
    await writeToRoom(ben.page)
    await getComposer(ben.page).fill('')
    await getComposer(ben.page).pressSequentially('to all')
    await ann.page.locator('.typing', { hasText: 'ben typing' }).waitFor()
    t.equal(await ben.page.locator('.typing').innerText(), '', 'the page does not show the reader as typing')
    await ben.context.close()
    await getPresentUsers('ann').waitFor()
    await ann.context.close()
  },
)

t.test('[ROOM37] two tabs share one sign-in, one draft and one outbox, and send each message once', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page: firstTab, context } = await warRoom.openAsEngineer('cid', event_id)
  const secondTab = await context.newPage()
  await goToRoom(secondTab, warRoom.proxy.url, event_id)
  for (let round = 0; round < 3; round += 1) {
    // Both tabs refresh with the same cookie, which can be used only once.
    await Promise.all([firstTab.reload(), secondTab.reload()])
    // The event's report is the first row of a loaded room.
    await Promise.all([firstTab, secondTab].map((page) => page.locator('.event-report').waitFor()))
  }
  await getComposer(firstTab).fill('half a thought')
  await secondTab.waitForFunction(
    () => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.value === 'half a thought',
  )
  const messagesUrl = `**/api/events/${event_id}/messages`
  await context.route(messagesUrl, (route) => (route.request().method() === 'POST' ? route.abort() : route.fallback()))
  await getComposer(firstTab).press('Enter')
  await firstTab.locator('.unsent.waiting', { hasText: 'half a thought' }).waitFor()
  t.equal(await getComposer(secondTab).inputValue(), '', 'a sent text is no longer a draft in any tab')
  await sendText(secondTab, 'from the other tab')
  await secondTab.locator('.unsent.waiting', { hasText: 'from the other tab' }).waitFor()
  await firstTab.reload()
  for (const text of ['half a thought', 'from the other tab'])
    await firstTab.locator('.unsent', { hasText: text }).waitFor()
  await context.unroute(messagesUrl)
  for (const page of [firstTab, secondTab]) {
    for (const text of ['half a thought', 'from the other tab']) {
      await page.locator('.message[data-kind=person]', { hasText: text }).waitFor()
    }
    await page.locator('.unsent').first().waitFor({ state: 'detached' })
  }
  const storedTexts = (await listMessages(event_id)).map(({ message_content }) => message_content.content)
  t.same(storedTexts.toSorted(), ['from the other tab', 'half a thought'])
  const countOutboxKeys = () => Object.keys(localStorage).filter((key) => key.includes('outbox')).length
  t.equal(await firstTab.evaluate(countOutboxKeys), 0, 'the outbox is empty')
  await context.close()
})

t.test(
  '[ROOM38] events show their severity in words, can be filtered and chosen, and follow changes by others',
  async (t) => {
    const { page, context } = await warRoom.openAsEngineer('dia')
    const getEvent = (name: string) => page.locator('a.event', { hasText: name })
    for (const severity of ['critical', 'medium'])
      await warRoom.createEvent(warRoom.alice, { event_name: `is ${severity}`, severity })
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    await getEvent('is critical').waitFor()
    for (const [severity, word] of [
      ['critical', 'Critical'],
      ['medium', 'Medium'],
    ]) {
      const label = getEvent(`is ${severity}`).locator('.severity')
      t.equal(await label.innerText(), word)
      t.equal(await label.locator('svg').count(), 1)
      t.match(await label.getAttribute('class'), severity, 'each severity has a different colour')
    }
    await page.locator('.sidebar input[type=search]').fill('MEDIUM')
    await getEvent('is critical').waitFor({ state: 'detached' })
    t.equal(await page.locator('a.event').count(), 1)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('is crit')
    await page.keyboard.press('Enter')
    await page.locator('.room-header h1', { hasText: 'is critical' }).waitFor()
    t.equal(await page.locator('dialog').count(), 0)
    await page.locator('.sidebar input[type=search]').fill('')
    t.equal(await getEvent('is critical').getAttribute('aria-current'), 'page')
    const href = (await getEvent('is critical').getAttribute('href')) ?? ''
    const event_id = href.split('/').at(-1)
    await warRoom.alice.call(warRoom.getApiUrl(0), 'PATCH', `/api/events/${event_id}`, {
      severity: 'low',
      event_status: 'resolved',
    })
    await getEvent('is critical').locator('.severity', { hasText: 'Low' }).waitFor()
    await page.locator('.room-header .meta', { hasText: 'Resolved' }).waitFor()
    await context.close()
  },
)

t.test('[ROOM39] without a worker people can talk, and the question is answered when a worker starts', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('eva', event_id)
  await Promise.all(warRoom.product.workers.map((worker) => worker.kill()))
  await sendText(page, '@AI anybody there')
  await page.locator('.thinking').waitFor()
  await sendText(page, 'we go on without')
  await page.locator('.message[data-kind=person]', { hasText: 'we go on without' }).waitFor()
  await postMessage(event_id, 'we do too')
  await getMessage(page, 'we do too').waitFor()
  t.equal(await page.locator('[data-testid=offline]').count(), 0)
  t.match(await page.locator('.thinking .progress').innerText(), /Thinking…/)
  await warRoom.product.startWorker()
  await getAnswers(page).filter({ hasText: 'Answer to: ' }).locator('.facts').waitFor()
  t.equal(await getAnswers(page).count(), 1)
  await context.close()
})

t.test(
  '[ROOM3] after the API node is killed during an answer, another node continues it without gaps or repeats',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const { page, context, errors } = await warRoom.openAsEngineer('fin', event_id)
    await postMessage(event_id, 'before-the-kill')
    const pausedAnswer = warRoom.model.pauseAfterFirstDelta('in-the-middle')
    await sendText(page, '@AI in-the-middle')
    await pausedAnswer.started
    await page.locator('.thinking .prose', { hasText: 'Answer' }).waitFor()
    const [connectedNode] = warRoom.product.apis
    await connectedNode?.kill()
    t.match(await page.locator('.thinking .prose').innerText(), /^Answer/, 'the text that the page had shown stays')
    await postMessage(event_id, 'while-the-node-was-down', 1)
    warRoom.proxy.connectTo(warRoom.getApiUrl(1))
    await getMessage(page, 'while-the-node-was-down').waitFor()
    t.match(await page.locator('.thinking .prose').innerText(), /^Answer/)
    pausedAnswer.resume()
    await getAnswers(page).locator('.facts').waitFor()
    t.match(await getAnswers(page).locator('.prose').innerText(), /^Answer to: in-the-middle$/)
    const messagesForAlice = await listMessages(event_id, 1)
    t.equal(messagesForAlice.length, 2, 'the chat is private')
    for (const text of ['before-the-kill', 'while-the-node-was-down'])
      t.equal(await getMessage(page, text).count(), 1, text)
    t.equal(await page.locator('.message').count(), 4, 'two posts, the question and its answer')
    t.same(errors, [])
    await context.close()
  },
)
