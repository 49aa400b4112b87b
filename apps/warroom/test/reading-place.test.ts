import type { ServerFrame } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { getComposer, sendText } from '../testing/browser.ts'
import { insertMessages } from '../testing/insert-messages.ts'
import { findPlace, type Place, readPlace, scrollBy } from '../testing/reading-place.ts'
import { tapSocket } from '../testing/socket-tap.ts'
import { openWarRoom } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

const say = (event_id: string, message: string) =>
  room.alice.call(room.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
const came = (page: Page, count: number) => page.locator('.new-pill', { hasText: `${count} new` }).waitFor()

/** Opens a room with enough messages to scroll, and a reader at its end. */
async function openFilled(name: string) {
  const event_id = await room.createEvent(room.alice)
  await insertMessages(room, event_id, 60)
  const { page, context } = await room.openAsEngineer(name, event_id)
  await page.locator('.message', { hasText: 'number 60:' }).waitFor()
  await readPlace(page)
  return { event_id, page, context }
}

/** Pixels of the screen are whole, and those of the layout aren't. */
async function stays(t: Test, page: Page, place: Place, what = 'nothing moves'): Promise<void> {
  const { top } = await findPlace(page, place)
  t.ok(Math.abs(top - place.top) <= 1, `${what}: ${place.text} stood at ${place.top} and stands at ${top}`)
}

async function refusePosts(page: Page): Promise<void> {
  const problem = { type: 'about:blank', title: 'No', status: 403, detail: 'No', code: 'forbidden', request_id: 'r' }
  await page.route('**/api/events/*/messages', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) })
      : route.fallback(),
  )
}

t.test('[ROOM51] a failed message at the end moves no reader, and one’s own new message is gone to', async (t) => {
  const { event_id, page, context } = await openFilled('ada')
  await refusePosts(page)
  await sendText(page, 'never sent')
  await page.locator('.unsent.failed', { hasText: 'never sent' }).waitFor()
  const place = await scrollBy(page, -900)
  await say(event_id, 'came-one')
  await came(page, 1)
  await stays(t, page, place)
  await sendText(page, 'nor this')
  await page.locator('.unsent.failed', { hasText: 'nor this' }).waitFor()
  await page.locator('.new-pill').waitFor({ state: 'detached' })
  await context.close()
})

t.test('[ROOM51] a failed message that is discarded below moves no reader', async (t) => {
  const { event_id, page, context } = await openFilled('bea')
  await refusePosts(page)
  await sendText(page, `never sent\n${'a line\n'.repeat(12)}`)
  const failed = page.locator('.unsent.failed')
  await failed.waitFor()
  const place = await scrollBy(page, -60)
  await failed.locator('button', { hasText: 'Discard' }).dispatchEvent('click') // A click would scroll to the button.
  await failed.waitFor({ state: 'detached' })
  await stays(t, page, place)
  await say(event_id, 'came-one')
  await page.locator('.message', { hasText: 'came-one' }).waitFor()
  await stays(t, page, place, 'and what comes is seen below')
  await context.close()
})

t.test('[ROOM51] a draft that is deleted moves no reader', async (t) => {
  const { page, context } = await openFilled('cyd')
  await getComposer(page).fill('a line\n'.repeat(20))
  const place = await scrollBy(page, -120)
  await getComposer(page).fill('')
  await stays(t, page, place)
  await scrollBy(page, -200)
  const higher = await scrollBy(page, 40)
  t.not(higher.text, '', 'the reader scrolls on from there')
  await context.close()
})

t.test('[ROOM51] a message box that grows or shrinks moves no reader, and takes one at the end along', async (t) => {
  const { page, context } = await openFilled('dan')
  const last = { text: (await page.locator('.rows .text').last().innerText()).slice(0, 60), top: 0 }
  const atEnd = await findPlace(page, last)
  await getComposer(page).focus()
  for (let line = 0; line < 8; line += 1) await page.keyboard.press('Shift+Enter')
  t.ok((await findPlace(page, last)).top < atEnd.top - 60, 'the end stays in view')
  const place = await scrollBy(page, -100)
  for (let line = 0; line < 3; line += 1) {
    await page.keyboard.press('Shift+Enter')
    await stays(t, page, place, 'while it grows')
  }
  for (let line = 0; line < 9; line += 1) await page.keyboard.press('Backspace')
  await stays(t, page, place, 'while it shrinks')
  await context.close()
})

t.test('[ROOM51] a message that grows above, or above one’s place in it, moves no reader', async (t) => {
  const { event_id, page, context } = await openFilled('eva')
  const paragraphs = Array.from({ length: 40 }, (_, index) => `paragraph ${index} of a long report`).join('\n\n')
  const posted = await room.captain.call<{ message_id: string }>(
    room.getApiUrl(0),
    'POST',
    `/api/events/${event_id}/messages`,
    {
      ...{ message_from: '_expert', message_type: 'llm_response', round_id: 1 },
      message_content: { content: paragraphs, format: 'markdown' },
    },
  )
  const long = page.locator(`#m-${posted.body.message_id}`)
  await long.locator('.fold').click()
  const pinLong = (method: 'PUT' | 'DELETE') =>
    room.alice.call(room.getApiUrl(0), method, `/api/events/${event_id}/pins/${posted.body.message_id}`)
  await long.locator('p', { hasText: 'paragraph 39' }).waitFor()
  const place = await scrollBy(page, -400)
  t.match(place.text, 'paragraph', 'inside of it')
  await pinLong('PUT')
  await long.locator('.pinned-by').waitFor({ state: 'attached' })
  await stays(t, page, place, 'a line comes at its beginning')
  for (let count = 0; count < 30; count += 1) await say(event_id, `below it ${count}`)
  await came(page, 30)
  await page.locator('.new-pill').click()
  await page.locator('.message', { hasText: 'below it 29' }).waitFor()
  await readPlace(page)
  const below = await scrollBy(page, (await findPlace(page, { text: 'below it 0', top: 0 })).top - 4)
  t.match(below.text, 'below it', 'just below it')
  await pinLong('DELETE')
  await long.locator('.pinned-by').waitFor({ state: 'detached' })
  await stays(t, page, below, 'and goes, above the reader')
  await context.close()
})

const isDelta = (frame: ServerFrame) => frame.type === 'delta'

t.test('[ROOM51] an answer that its end has changed moves nobody who reads in it', async (t) => {
  const { event_id, page, context } = await openFilled('fay')
  const socket = await tapSocket(page)
  const paused = room.model.pauseAfterFirstPiece('filtered-q')
  const kept = Array.from({ length: 40 }, (_, index) => `kept paragraph ${index}`).join('\n\n')
  await sendText(page, `@AI filtered-q\n\n${kept}`)
  await paused.started
  const delta = await socket.waitForFrame((frame) => isDelta(frame))
  const removed = Array.from({ length: 10 }, (_, index) => `removed paragraph ${index}`).join('\n\n')
  const text = `o: filtered-q\n\n${removed}\n\n${kept}`
  socket.inject({ ...delta, event_id, index: delta.index + 1, text })
  await page.locator('.thinking p', { hasText: 'kept paragraph 39' }).waitFor()
  await scrollBy(page, 5_000) // Following may have stopped at the question.
  const place = await scrollBy(page, -400)
  t.match(place.text, 'kept paragraph')
  paused.resume()
  await page.locator('.message[data-kind=ai] .facts').waitFor({ state: 'attached' })
  t.equal(await page.locator('.prose p', { hasText: 'removed paragraph' }).count(), 0)
  await stays(t, page, place)
  await context.close()
})

t.test('[ROOM51] a reader leaves the end while an answer is written, and stays', async (t) => {
  const { event_id, page, context } = await openFilled('gus')
  const socket = await tapSocket(page)
  const paused = room.model.pauseAfterFirstPiece('streamed-q')
  await sendText(page, '@AI streamed-q')
  await paused.started
  const delta = await socket.waitForFrame((frame) => isDelta(frame))
  let index = delta.index
  const stream = async (count: number) => {
    for (let more = 0; more < count; more += 1) {
      index += 1
      socket.inject({ ...delta, event_id, index, text: `\n\nparagraph ${index}` })
      await page.locator('.thinking p', { hasText: `paragraph ${index}` }).waitFor({ state: 'attached' })
    }
  }
  await stream(20)
  await page.locator('.rows').hover()
  await page.mouse.wheel(0, -400)
  await page.locator('.new-pill').waitFor()
  await stream(3)
  const place = await readPlace(page)
  await stream(20)
  await stays(t, page, place)
  paused.resume()
  await context.close()
})
