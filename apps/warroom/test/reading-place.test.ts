import type { ServerFrame } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { getComposer, sendText, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { insertMessages } from '../testing/insert-messages.ts'
import { interceptSocket } from '../testing/intercepted-socket.ts'
import { findPlace, type Place, readPlace, scrollBy, waitUntilStill } from '../testing/reading-place.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const postMessage = (event_id: string, message: string) =>
  warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
const waitForNewCount = (page: Page, count: number) => page.locator('.new-pill', { hasText: `${count} new` }).waitFor()

/** Opens a room that has enough messages to scroll, with the reader at its end. */
async function openFilledRoom(name: string) {
  const event_id = await warRoom.createEvent(warRoom.alice)
  await insertMessages(warRoom, event_id, { count: 60 })
  const { page, context } = await warRoom.openAsEngineer(name, event_id)
  await page.locator('.message', { hasText: 'number 60:' }).waitFor()
  await waitUntilStill(page)
  return { event_id, page, context }
}

/** Allows a difference of one pixel, because the layout has fractions of pixels and the screen does not. */
async function expectSamePlace(t: Test, page: Page, place: Place, situation = 'nothing moves'): Promise<void> {
  const { top } = await findPlace(page, place.text)
  t.ok(Math.abs(top - place.top) <= 1, `${situation}: ${place.text} was at ${place.top} and is at ${top}`)
}

const isDelta = (frame: ServerFrame) => frame.type === 'delta'
const isMessage = (frame: ServerFrame) => frame.type === 'message'

/** Refuses each post to the room with 403. */
async function refusePosts(page: Page): Promise<void> {
  const forbidden = { type: 'about:blank', title: 'No', status: 403, detail: 'No', code: 'forbidden', request_id: 'r' }
  await page.route('**/api/events/*/messages', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(forbidden) })
      : route.fallback(),
  )
}

t.test(
  '[ROOM51] a failed message at the end does not move the reader; the page scrolls to the end when the reader sends a message',
  async (t) => {
    const { event_id, page, context } = await openFilledRoom('ada')
    await refusePosts(page)
    await sendText(page, 'never sent')
    await page.locator('.unsent.failed', { hasText: 'never sent' }).waitFor()
    const place = await scrollBy(page, -900)
    await postMessage(event_id, 'arrived-one')
    await waitForNewCount(page, 1)
    await expectSamePlace(t, page, place)
    await sendText(page, 'not sent either')
    await page.locator('.unsent.failed', { hasText: 'not sent either' }).waitFor()
    await page.locator('.new-pill').waitFor({ state: 'detached' })
    await context.close()
  },
)

t.test(
  '[ROOM51] a reader stays where they scrolled to, also if the page is too slow to handle the scroll',
  async (t) => {
    const { event_id, page, context } = await openFilledRoom('abe')
    await page.evaluate(() => {
      const rows = document.querySelector('.rows') as HTMLElement
      rows.dispatchEvent(new WheelEvent('wheel'))
      rows.scrollTop -= 900
      const blockedUntilMs = performance.now() + 400
      while (performance.now() < blockedUntilMs); // No handler can run during this loop.
      // The page treats the scroll as ended after 250 ms (SCROLLING_MS). The browser has not sent the scroll event yet.
    })
    const place = await readPlace(page)
    await postMessage(event_id, 'arrived-one')
    await waitForNewCount(page, 1)
    await expectSamePlace(t, page, place)
    await context.close()
  },
)

t.test('[ROOM51] discarding a failed message below does not move the reader', async (t) => {
  const { event_id, page, context } = await openFilledRoom('bea')
  await refusePosts(page)
  await sendText(page, `never sent\n${'a line\n'.repeat(12)}`)
  const failedMessage = page.locator('.unsent.failed')
  await failedMessage.waitFor()
  const place = await scrollBy(page, -60)
  await failedMessage.locator('button', { hasText: 'Discard' }).dispatchEvent('click') // A click would scroll to the button.
  await failedMessage.waitFor({ state: 'detached' })
  await expectSamePlace(t, page, place)
  await postMessage(event_id, 'arrived-one')
  await page.locator('.message', { hasText: 'arrived-one' }).waitFor()
  await expectSamePlace(t, page, place, 'new rows are added below')
  await context.close()
})

t.test('[ROOM51] deleting a draft does not move the reader', async (t) => {
  const { page, context } = await openFilledRoom('cyd')
  await getComposer(page).fill('a line\n'.repeat(20))
  const place = await scrollBy(page, -120)
  await getComposer(page).fill('')
  await expectSamePlace(t, page, place)
  const beforeScroll = await scrollBy(page, -200)
  const afterScroll = await scrollBy(page, 40)
  t.notSame(afterScroll, beforeScroll, 'the reader can scroll again')
  await context.close()
})

t.test(
  '[ROOM51] a message box that grows or shrinks does not move the reader, and a reader at the end stays at the end',
  async (t) => {
    const { page, context } = await openFilledRoom('dan')
    // A `Place` has the first 60 characters of its text.
    const lastText = (await page.locator('.rows .text').last().innerText()).slice(0, 60)
    const placeAtEnd = await findPlace(page, lastText)
    await getComposer(page).focus()
    for (let line = 0; line < 8; line += 1) await page.keyboard.press('Shift+Enter')
    t.ok((await findPlace(page, lastText)).top < placeAtEnd.top - 60, 'the end stays in view')
    const place = await scrollBy(page, -100)
    for (let line = 0; line < 3; line += 1) {
      await page.keyboard.press('Shift+Enter')
      await expectSamePlace(t, page, place, 'while it grows')
    }
    for (let line = 0; line < 9; line += 1) await page.keyboard.press('Backspace')
    await expectSamePlace(t, page, place, 'while it shrinks')
    await context.close()
  },
)

t.test('[ROOM51] a message that grows or shrinks above the reader’s place does not move the reader', async (t) => {
  const { event_id, page, context } = await openFilledRoom('eva')
  const paragraphs = Array.from({ length: 40 }, (_, index) => `paragraph ${index} of a long report`).join('\n\n')
  const postResponse = await warRoom.agent.call<{ message_id: string }>(
    warRoom.getApiUrl(0),
    'POST',
    `/api/events/${event_id}/messages`,
    {
      message_from: '_expert',
      message_type: 'llm_response',
      round_id: 1,
      message_content: { content: paragraphs, format: 'markdown' },
    },
  )
  const longMessage = page.locator(`#m-${postResponse.body.message_id}`)
  await longMessage.locator('.fold').click()
  const setPinned = (method: 'PUT' | 'DELETE') =>
    warRoom.alice.call(warRoom.getApiUrl(0), method, `/api/events/${event_id}/pins/${postResponse.body.message_id}`)
  await longMessage.locator('p', { hasText: 'paragraph 39' }).waitFor()
  const place = await scrollBy(page, -400)
  t.match(place.text, 'paragraph', 'the reader is inside the long message')
  await setPinned('PUT')
  await longMessage.locator('.pinned-by').waitFor({ state: 'attached' })
  await expectSamePlace(t, page, place, 'the pin’s line is added above the reader')
  for (let index = 0; index < 30; index += 1) await postMessage(event_id, `below it ${index}`)
  await waitForNewCount(page, 30)
  await page.locator('.new-pill').click()
  await page.locator('.message', { hasText: 'below it 29' }).waitFor()
  await waitUntilStill(page)
  const placeBelow = await scrollBy(page, (await findPlace(page, 'below it 0')).top - 4)
  t.match(placeBelow.text, 'below it', 'the reader is just below the long message')
  await setPinned('DELETE')
  await longMessage.locator('.pinned-by').waitFor({ state: 'detached' })
  await expectSamePlace(t, page, placeBelow, 'the pin’s line is removed above the reader')
  await context.close()
})

t.test('[ROOM51] an answer whose text changes when it ends does not move a reader in it', async (t) => {
  const { event_id, page, context } = await openFilledRoom('fay')
  const socket = await interceptSocket(page)
  const pausedAnswer = warRoom.model.pauseAfterFirstDelta('changed-q')
  const keptParagraphs = Array.from({ length: 40 }, (_, index) => `kept paragraph ${index}`).join('\n\n')
  await sendText(page, `@AI changed-q\n\n${keptParagraphs}`)
  await pausedAnswer.started
  const delta = await socket.waitForFrame(isDelta)
  const removedParagraphs = Array.from({ length: 10 }, (_, index) => `removed paragraph ${index}`).join('\n\n')
  // The injected delta contains paragraphs that the final answer doesn't have. The first piece had 8 characters of
  // `Answer to: …`, so the delta's text begins with the rest.
  const text = `o: changed-q\n\n${removedParagraphs}\n\n${keptParagraphs}`
  socket.inject({ ...delta, event_id, index: delta.index + 1, text })
  await page.locator('.thinking p', { hasText: 'kept paragraph 39' }).waitFor()
  // The page may have stopped scrolling along with the answer when the question reached the upper edge.
  await scrollBy(page, 5_000)
  const place = await scrollBy(page, -400)
  t.match(place.text, 'kept paragraph')
  pausedAnswer.resume()
  await page.locator('.message[data-kind=ai] .facts').waitFor({ state: 'attached' })
  t.equal(await page.locator('.prose p', { hasText: 'removed paragraph' }).count(), 0)
  await expectSamePlace(t, page, place)
  await context.close()
})

t.test('[ROOM51] a reader who leaves the end while an answer is written stays at the new place', async (t) => {
  const { event_id, page, context } = await openFilledRoom('gus')
  const socket = await interceptSocket(page)
  const pausedAnswer = warRoom.model.pauseAfterFirstDelta('streamed-q')
  await sendText(page, '@AI streamed-q')
  await pausedAnswer.started
  const delta = await socket.waitForFrame(isDelta)
  let index = delta.index
  const streamParagraphs = async (count: number) => {
    for (let sent = 0; sent < count; sent += 1) {
      index += 1
      socket.inject({ ...delta, event_id, index, text: `\n\nparagraph ${index}` })
      await page.locator('.thinking p', { hasText: `paragraph ${index}` }).waitFor({ state: 'attached' })
    }
  }
  await streamParagraphs(20)
  await page.locator('.rows').hover()
  await page.mouse.wheel(0, -400)
  await page.locator('.new-pill').waitFor()
  await streamParagraphs(3)
  const place = await readPlace(page)
  await streamParagraphs(20)
  await expectSamePlace(t, page, place)
  pausedAnswer.resume()
  await context.close()
})

t.test('[ROOM51] rows that are shared at the room’s beginning are shown, and do not move a reader below', async (t) => {
  const [event_id, apiUrl] = [await warRoom.createEvent(warRoom.alice), warRoom.getApiUrl(0)]
  const { body: sendResult } = await warRoom.alice.ask(apiUrl, event_id, 'shared-later', { visibility: 'private' })
  const reply = await warRoom.alice.waitForReply(apiUrl, sendResult)
  await insertMessages(warRoom, event_id, { count: 60, firstPosition: reply.seq + 1 })
  const { page, context } = await warRoom.openAsEngineer('hal', event_id)
  const socket = await interceptSocket(page)
  await page.locator('.message', { hasText: `number ${reply.seq + 60}:` }).waitFor()
  const scrollToBeginning = async () => {
    await scrollBy(page, -20_000)
    await scrollBy(page, -20_000) // The first scroll loads older messages, which are put above the reader's place.
    await page.locator('.event-report').waitFor()
  }
  await scrollToBeginning()
  const place = await scrollBy(page, 900)
  await warRoom.alice.call(apiUrl, 'POST', `/api/engineer-chat/sessions/${sendResult.session_id}/share`)
  await socket.waitForFrame(isMessage)
  await expectSamePlace(t, page, place)
  await scrollToBeginning()
  await page.locator('.message[data-kind=ai]', { hasText: 'shared-later' }).waitFor()
  await context.close()
})
