import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { jumpTo, sendText, switchToChinese, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { WIDE } from '../testing/every-language-and-theme.ts'
import { insertMessages } from '../testing/insert-messages.ts'
import { startWarRoom } from '../testing/war-room.ts'

t.setTimeout(TEST_FILE_TIMEOUT_MS)
const warRoom = await startWarRoom()
t.teardown(() => warRoom.stop())

const getLastAnswer = (page: Page) => page.locator('.message[data-kind=ai]').last()

t.test(
  '[ROOM85] a citation is a chip at its place in the text, which previews its source and links to it',
  async (t) => {
    const { page, context, errors, externalRequests } = await warRoom.openAsEngineer('ada')
    await sendText(page, 'the host 10.0.0.7 is isolated')
    await page.locator('.message[data-kind=person]', { hasText: 'isolated' }).waitFor()
    await sendText(page, '@AI /summary cite-q [ev2]; `[ev2]` [msg1, msg99] [M365]')
    await getLastAnswer(page).locator('.facts').waitFor()
    const prose = getLastAnswer(page).locator('.prose')
    const chips = prose.locator('.cite')
    t.same(await chips.allInnerTexts(), ['[ev2]', '[msg1]', '[msg99?]'], 'a mark in code is no chip')
    t.match(await prose.innerText(), /\[ev2\]; \[ev2\] \[msg1\] \[msg99\?\] \[M365\]/, 'copied text has its brackets')

    const preview = page.locator('.cite-preview')
    await chips.nth(1).hover()
    await preview.waitFor()
    t.match(await preview.innerText(), /^msg1\s+ada\s+.*\d\d:\d\d.*\s+the host 10\.0\.0\.7 is isolated$/)
    t.same(await listViolations(page), [])
    await preview.hover()
    await page.keyboard.press('Escape')
    await preview.waitFor({ state: 'detached' })

    await chips.nth(0).focus()
    await preview.filter({ hasText: /^ev2\s*description/ }).waitFor()
    await page.keyboard.press('Tab')
    await preview.filter({ hasText: 'the host' }).waitFor()
    t.equal(await chips.nth(1).getAttribute('aria-describedby'), await preview.getAttribute('id'))
    await page.keyboard.press('Tab')
    await preview.filter({ hasText: 'msg99 Nothing in this event has this id.' }).waitFor()
    t.match(await chips.nth(2).getAttribute('class'), 'unsupported')
    t.same(await listViolations(page), [])
    await page.keyboard.press('Escape')
    await preview.waitFor({ state: 'detached' })

    await switchToChinese(page)
    await chips.nth(0).hover()
    await preview.filter({ hasText: /^ev2\s*上报内容/ }).waitFor()
    t.same(await listViolations(page), [])
    await chips.nth(1).focus()
    await jumpTo(page, 'is isolated', () => page.keyboard.press('Enter'))
    await preview.waitFor({ state: 'detached' })
    t.same([errors, externalRequests], [[], []])
    await context.close()
  },
)

t.test('[ROOM85] a chip is described by its open preview, also after its message has changed', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const apiUrl = warRoom.getApiUrl(0)
  const question = '@AI /summary doubt-q [ev2] [ev2?]'
  const { body } = await warRoom.alice.ask(apiUrl, event_id, question, { visibility: 'room' })
  const { message_id } = await warRoom.alice.waitForReply(apiUrl, body)
  const { page, context } = await warRoom.openAsEngineer('cal', event_id)
  const chips = getLastAnswer(page).locator('.prose .cite')
  await chips.nth(1).waitFor()
  t.same(await chips.allInnerTexts(), ['[ev2]', '[ev2?]'])

  const preview = page.locator('.cite-preview')
  const pinPath = `/api/events/${event_id}/pins/${message_id}`
  for (const [index, previewText, method, pinState] of [
    [0, 'description', 'PUT', 'visible'],
    [1, 'Nothing in this event has this id', 'DELETE', 'detached'],
  ] as const) {
    await chips.nth(index).focus()
    await preview.filter({ hasText: previewText }).waitFor()
    await warRoom.alice.call(apiUrl, method, pinPath)
    await getLastAnswer(page).locator('.pinned-by').waitFor({ state: pinState })
    t.equal(await chips.nth(index).getAttribute('aria-describedby'), await preview.getAttribute('id'))
    t.equal(await chips.nth(1 - index).getAttribute('aria-describedby'), null, 'the preview describes one chip')
  }
  await context.close()
})

/** A question counts as being at the top if it is less than this distance from the timeline's upper edge. */
const TOP_TOLERANCE_PX = 24

const LONG_ANSWER = Array.from({ length: 60 }, (_, index) => `paragraph ${index} of http://evil.example/a`).join('\n\n')

/** Returns the distance in pixels from the timeline's upper edge to the last element that matches. */
const readTop = (page: Page, selector: string) =>
  page.evaluate((elementSelector) => {
    const getTop = (element: Element | null | undefined) => element?.getBoundingClientRect().top ?? Number.NaN
    const lastElement = [...document.querySelectorAll(elementSelector)].at(-1)
    return getTop(lastElement) - getTop(document.querySelector('.rows'))
  }, selector)

t.test(
  '[ROOM87] the list stops following an answer when its question reaches the top; after a reload long earlier answers are folded',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    await insertMessages(warRoom, event_id, { count: 40 })
    const { page, context, errors } = await warRoom.openAsEngineer('bea', event_id)
    warRoom.model.streamText('long-q', LONG_ANSWER, { deltaCharacters: 200, pauseMs: 100 })
    await sendText(page, '@AI long-q')
    const endOfAnswerButton = page.locator('.new-pill', { hasText: 'To the end of the answer' })
    await endOfAnswerButton.waitFor()
    const questionSelector = '.message.own[data-kind=person]'
    t.ok(Math.abs(await readTop(page, questionSelector)) < TOP_TOLERANCE_PX, 'the question is at the top')
    await page.locator('.message[data-kind=ai] p', { hasText: 'paragraph 59' }).waitFor({ state: 'attached' })
    t.ok(Math.abs(await readTop(page, questionSelector)) < TOP_TOLERANCE_PX, 'the question stays at the top')
    await getLastAnswer(page).locator('.facts').waitFor({ state: 'attached' })
    await page.locator('.rows').hover()
    await page.mouse.wheel(0, -20_000)
    await page.locator('.message', { hasText: 'number 1:' }).first().waitFor()
    await endOfAnswerButton.waitFor({ state: 'detached' })
    t.equal(
      await page.locator('.new-pill.bare').count(),
      1,
      'the answer is not visible, so the button leads to the end of the room',
    )
    await page.locator('.new-pill').click()
    await page.locator('.new-pill').waitFor({ state: 'detached' })
    // The page removes the button before it draws the rows at the end.
    await page.locator('.message[data-kind=ai] p', { hasText: 'paragraph 59' }).waitFor()
    await page.waitForFunction(() => {
      const timeline = document.querySelector('.rows')
      return timeline !== null && timeline.scrollHeight - timeline.clientHeight - timeline.scrollTop <= 1
    })
    const lastParagraphTop = await readTop(page, '.message[data-kind=ai] p:not(.facts)')
    t.ok(lastParagraphTop > 0 && lastParagraphTop < WIDE.height, 'the end of the answer is in view')

    await getLastAnswer(page).hover()
    await getLastAnswer(page).locator('.actions [aria-label="Copy the answer"]').click()
    const dialog = page.locator('.dialog')
    await dialog.locator('label', { hasText: 'Plain text' }).click()
    t.same(await listViolations(page), [])
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await dialog.locator('button.primary').click()
    await dialog.waitFor({ state: 'detached' })
    const copiedText = await page.evaluate(() => navigator.clipboard.readText())
    t.match(copiedText, /^paragraph 0 of hxxp:\/\/evil\[\.\]example\/a\n/)
    t.match(copiedText, 'paragraph 59', 'the whole answer is copied')

    await sendText(page, '@AI short-q')
    await page.locator('.message[data-kind=ai]', { hasText: 'Answer to: ' }).locator('.facts').waitFor()
    t.equal(await page.locator('.folded').count(), 0, 'no answer is folded while it is read')
    await page.reload()
    const fold = page.locator('.message[data-kind=ai] .fold')
    await fold.waitFor()
    t.match(await fold.innerText(), /^Show \d+ more lines$/)
    t.same(await listViolations(page), [])
    await fold.focus()
    await page.keyboard.press('Enter')
    await page.locator('.fold', { hasText: 'Show less' }).waitFor()
    t.equal(await page.locator('.folded').count(), 0)
    t.same(errors, [])
    await context.close()
  },
)
