import type { Message } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { enterRoom, getComposer, sendText, writeToRoom } from '../testing/browser.ts'
import { openWarRoom } from '../testing/war-room.ts'

const room = await openWarRoom({ apis: 2 })
t.setTimeout(240_000)
t.teardown(() => room.stop())

const withText = (page: Page, text: string) => page.locator('.message', { hasText: text })
const answers = (page: Page) => page.locator('.message[data-kind=ai]')
const say = (event_id: string, message: string, node = 0) =>
  room.alice.call<Message>(room.getApiUrl(node), 'POST', `/api/events/${event_id}/messages`, { message })
const timeline = async (event_id: string, node = 0) => {
  const path = `/api/events/${event_id}/messages?limit=100`
  return (await room.alice.call<{ messages: Message[] }>(room.getApiUrl(node), 'GET', path)).body.messages
}

t.test('[ROOM36] who is here and who types is seen, and nobody sees that somebody asks the AI', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const [ann, ben] = [await room.openAsEngineer('ann', event_id), await room.openAsEngineer('ben', event_id)]
  const here = (names: string) => ann.page.locator(`.present[aria-label="Here now: ${names}"]`)
  await here('ann, ben').waitFor()
  await getComposer(ben.page).pressSequentially('@AI who')
  await say(event_id, 'after the question')
  await withText(ann.page, 'after the question').waitFor()
  t.equal(await ann.page.locator('.typing').innerText(), '')
  await writeToRoom(ben.page)
  await getComposer(ben.page).fill('')
  await getComposer(ben.page).pressSequentially('to all')
  await ann.page.locator('.typing', { hasText: 'ben typing' }).waitFor()
  t.equal(await ben.page.locator('.typing').innerText(), '', 'not to oneself')
  await ben.context.close()
  await here('ann').waitFor()
  await ann.context.close()
})

t.test('[ROOM37] two tabs: one sign-in, one draft, one outbox, and each message once', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page: one, context } = await room.openAsEngineer('cid', event_id)
  const two = await context.newPage()
  two.setDefaultTimeout(15_000)
  await enterRoom(two, room.front.url, event_id)
  for (let times = 0; times < 3; times += 1) {
    await Promise.all([one.reload(), two.reload()]) // Both refresh with one cookie, which is valid once.
    await Promise.all([one, two].map((page) => page.locator('.opening').waitFor()))
  }
  await getComposer(one).fill('half a thought')
  await two.waitForFunction(
    () => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.value === 'half a thought',
  )
  const url = `**/api/events/${event_id}/messages`
  const isPost = (method: string) => method === 'POST'
  await context.route(url, (route) => (isPost(route.request().method()) ? route.abort() : route.fallback()))
  await getComposer(one).press('Enter')
  await one.locator('.unsent.waiting', { hasText: 'half a thought' }).waitFor()
  t.equal(await getComposer(two).inputValue(), '', 'what is sent is no draft any more, anywhere')
  await sendText(two, 'from the other tab')
  await two.locator('.unsent.waiting', { hasText: 'from the other tab' }).waitFor()
  await one.reload()
  for (const text of ['half a thought', 'from the other tab']) await one.locator('.unsent', { hasText: text }).waitFor()
  await context.unroute(url)
  for (const page of [one, two]) {
    for (const text of ['half a thought', 'from the other tab']) {
      await page.locator('.message[data-kind=person]', { hasText: text }).waitFor()
    }
    await page.locator('.unsent').first().waitFor({ state: 'detached' })
  }
  const rows = (await timeline(event_id)).map((row) => row.message_content.content)
  t.same(rows.toSorted(), ['from the other tab', 'half a thought'])
  t.equal(await one.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('outbox')).length), 0)
  await context.close()
})

t.test(
  '[ROOM38] events with their severity in words; filter, picker, and what others open comes by itself',
  async (t) => {
    const { page, context } = await room.openAsEngineer('dia')
    const event = (name: string) => page.locator('a.event', { hasText: name })
    for (const severity of ['critical', 'medium'])
      await room.createEvent(room.alice, { event_name: `is ${severity}`, severity })
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    await event('is critical').waitFor()
    for (const [severity, word] of [
      ['critical', 'Critical'],
      ['medium', 'Medium'],
    ]) {
      const mark = event(`is ${severity}`).locator('.severity')
      t.equal(await mark.innerText(), word)
      t.equal(await mark.locator('svg').count(), 1)
      t.match(await mark.getAttribute('class'), severity, 'and a colour of its own')
    }
    await page.locator('.sidebar input[type=search]').fill('MEDIUM')
    await event('is critical').waitFor({ state: 'detached' })
    t.equal(await page.locator('a.event').count(), 1)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('is crit')
    await page.keyboard.press('Enter')
    await page.locator('.room-header h1', { hasText: 'is critical' }).waitFor()
    t.equal(await page.locator('dialog').count(), 0)
    await page.locator('.sidebar input[type=search]').fill('')
    t.equal(await event('is critical').getAttribute('aria-current'), 'page')
    const { event_id } = await event('is critical').evaluate((link) => ({
      event_id: (link as HTMLAnchorElement).hash.split('/').at(-1) ?? '',
    }))
    await room.alice.call(room.getApiUrl(0), 'PATCH', `/api/events/${event_id}`, {
      severity: 'low',
      event_status: 'resolved',
    })
    await event('is critical').locator('.severity', { hasText: 'Low' }).waitFor()
    await page.locator('.room-header .meta', { hasText: 'Resolved' }).waitFor()
    await context.close()
  },
)

t.test('[ROOM39] no worker is there: people talk, and the question is answered once one is', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('eva', event_id)
  await Promise.all(room.product.workers.map((worker) => worker.kill()))
  await sendText(page, '@AI anybody there')
  await page.locator('.thinking').waitFor()
  await sendText(page, 'we go on without')
  await page.locator('.message[data-kind=person]', { hasText: 'we go on without' }).waitFor()
  await say(event_id, 'so do we')
  await withText(page, 'so do we').waitFor()
  t.equal(await page.locator('[data-testid=offline]').count(), 0)
  t.match(await page.locator('.thinking .progress').innerText(), /Thinking…/)
  await room.product.startWorker()
  await answers(page).filter({ hasText: 'Answer to: ' }).locator('.facts').waitFor()
  t.equal(await answers(page).count(), 1)
  await context.close()
})

t.test(
  '[ROOM3] the API node is killed in mid-answer: one reads on at another, without a gap and nothing twice',
  async (t) => {
    const event_id = await room.createEvent(room.alice)
    const { page, context, errors } = await room.openAsEngineer('fin', event_id)
    await say(event_id, 'before-it')
    const paused = room.model.pauseAfterFirstPiece('in-the-middle')
    await sendText(page, '@AI in-the-middle')
    await paused.started
    await page.locator('.thinking .prose', { hasText: 'Answer' }).waitFor()
    const [node] = room.product.apis
    await node?.kill()
    t.match(await page.locator('.thinking .prose').innerText(), /^Answer/, 'what was read stays')
    await say(event_id, 'while-it-was-dead', 1)
    room.front.connectTo(room.getApiUrl(1))
    await withText(page, 'while-it-was-dead').waitFor()
    t.match(await page.locator('.thinking .prose').innerText(), /^Answer/)
    paused.resume()
    await answers(page).locator('.facts').waitFor()
    t.match(await answers(page).locator('.prose').innerText(), /^Answer to: in-the-middle$/)
    const rows = await timeline(event_id, 1)
    t.equal(rows.length, 2, 'the chat is private')
    for (const text of ['before-it', 'while-it-was-dead']) t.equal(await withText(page, text).count(), 1, text)
    t.equal(await page.locator('.message').count(), 4)
    t.same(errors, [])
    await context.close()
  },
)
