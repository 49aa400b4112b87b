import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { getComposer, jumpTo, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const postMessage = (event_id: string, message: string) =>
  warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
const waitForFocus = (page: Page, selector: string) =>
  page.waitForFunction((expected) => document.activeElement?.matches(expected), selector)

t.test('[ROOM53] Ctrl+F focuses the search, arrow keys move in its results, and Esc returns the focus', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  for (const text of ['find one', 'find two', 'find three']) await postMessage(event_id, text)
  const { page, context } = await warRoom.openAsEngineer('ada', event_id)
  await getComposer(page).focus()
  await page.keyboard.press('Control+f')
  await waitForFocus(page, '.search input')
  await page.keyboard.type('find')
  await page.locator('.search li').nth(2).waitFor()
  await page.keyboard.press('ArrowDown')
  await waitForFocus(page, '.search li:nth-child(1) button')
  await page.keyboard.press('ArrowDown')
  await waitForFocus(page, '.search li:nth-child(2) button')
  await jumpTo(page, 'find two', () => page.keyboard.press('Enter'))
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await waitForFocus(page, '.search input')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Control+f')
  await waitForFocus(page, '.search input')
  t.equal(
    await page.evaluate(() => getSelection()?.toString()),
    'find',
    'the earlier search is selected, so typing replaces it',
  )
  await page.keyboard.press('Escape')
  await page.locator('.search').waitFor({ state: 'detached' })
  await waitForFocus(page, '.composer textarea')
  await context.close()
})

t.test('[ROOM53] choosing a room moves the focus into it, and loading the page does not move the focus', async (t) => {
  t.ok(await warRoom.createEvent(warRoom.alice, { event_name: 'the chosen one' }), 'the event exists')
  const { page, context } = await warRoom.openAsEngineer('bea')
  await page.reload()
  await page.locator('.event-report').waitFor()
  t.ok(await page.evaluate(() => document.activeElement === document.body))
  await page.locator('a.event', { hasText: 'the chosen one' }).focus()
  await page.keyboard.press('Enter')
  await page.locator('.room-header h1', { hasText: 'the chosen one' }).waitFor()
  await waitForFocus(page, '.room-header h1')
  await page.keyboard.press('/')
  await waitForFocus(page, '.composer textarea')
  await context.close()
})

t.test('[ROOM53] a dialog focuses its first field, and returns the focus when it closes', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('deb')
  await page.locator('.sidebar [aria-label="New event"]').focus()
  for (const contentState of ['loaded first', 'already loaded']) {
    await page.keyboard.press('Enter')
    await waitForFocus(page, 'dialog input[name=event_name]')
    await page.keyboard.press('Escape')
    await waitForFocus(page, '.sidebar [aria-label="New event"]')
    t.pass(`the dialog’s content is ${contentState}`)
  }
  await page.locator('.room-header [aria-label^="Status: "]').click()
  await page.locator('[role=menuitemradio]', { hasText: 'Closed' }).click()
  await waitForFocus(page, 'dialog header button')
  await page.keyboard.press('Enter')
  await waitForFocus(page, '.room-header [aria-label^="Status: "]')
  await context.close()
})

t.test('[ROOM53] a dialog that is opened right after Esc stays open', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('dee')
  await page.locator('.sidebar [aria-label="New event"]').click()
  await waitForFocus(page, 'dialog input[name=event_name]')
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const dialog = document.querySelector('dialog')
        dialog?.addEventListener('close', () => setTimeout(resolve)) // All listeners of the page run before the timer.
        dialog?.close() // As after Esc, the browser sends the event `close` later.
        document.querySelector<HTMLElement>('.sidebar [aria-label="New event"]')?.click()
      }),
  )
  t.ok(await page.locator('dialog input[name=event_name]').isVisible())
  await context.close()
})

t.test('[ROOM55] a dropped or pasted file is refused with a message, and does not replace the page', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('cyd', await warRoom.createEvent(warRoom.alice))
  const toast = page.locator('.toast', { hasText: 'Files aren’t taken yet' })
  for (const eventType of ['dragover', 'drop'] as const) {
    const isPrevented = await page.evaluate((type) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['x'], 'evidence.pcap'))
      const target = document.querySelector('.timeline') ?? document.body
      return !target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    }, eventType)
    t.ok(isPrevented, `${eventType}: the page prevents the browser from opening the file`)
  }
  await toast.waitFor()
  await toast.locator('button').click()
  await toast.waitFor({ state: 'detached' })
  /** Returns true if the page prevents the browser from pasting. */
  const dispatchPaste = (withText: boolean) =>
    page.evaluate((hasText) => {
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File(['x'], 'screen.png', { type: 'image/png' }))
      if (hasText) clipboardData.setData('text/plain', 'a table')
      const box = document.querySelector('.composer textarea') ?? document.body
      return !box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, withText)
  t.equal(await dispatchPaste(true), false, 'text is pasted even if the clipboard also has a picture of it')
  t.equal(await dispatchPaste(false), true)
  await toast.waitFor()
  t.same(await listViolations(page), [])
  await context.close()
})

t.test('[ROOM56] the typing notice ends when the message arrives', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const [dan, eva] = [await warRoom.openAsEngineer('dan', event_id), await warRoom.openAsEngineer('eva', event_id)]
  // Nobody is notified of typing before both pages have subscribed, and a name is shown only once it is loaded.
  for (const { page } of [dan, eva]) await page.locator('.present[aria-label="Here now: dan, eva"]').waitFor()
  await getComposer(eva.page).pressSequentially('typed by eva')
  await dan.page.locator('.typing', { hasText: 'eva typing' }).waitFor()
  const [typingNotice] = await Promise.all([
    dan.page.evaluate(async () => {
      while (!document.querySelector('.rows .message.room')) await new Promise(requestAnimationFrame)
      // The page has six frames to remove the notice.
      for (let frame = 0; frame < 6; frame += 1) await new Promise(requestAnimationFrame)
      return document.querySelector('.typing')?.textContent
    }),
    getComposer(eva.page).press('Enter'),
  ])
  t.equal(typingNotice, '')
  await Promise.all([dan.context.close(), eva.context.close()])
})

t.test(
  '[ROOM57] “Show all” is offered only if a part of the text is hidden, and agents’ commands are shown with their status',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    const postAsAgent = (message_type: string, message_content: unknown) =>
      warRoom.agent.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, {
        message_from: '_executor',
        message_type,
        message_content,
        round_id: 1,
      })
    await postAsAgent('llm_request', 'a short request')
    await postAsAgent('llm_request', 'a long request '.repeat(60))
    await postAsAgent('command_result', {
      command: 'netstat -ano | findstr :445',
      status: 'failed',
      output: 'no such port',
    })
    const { page, context } = await warRoom.openAsEngineer('fay', event_id)
    const getMessage = (text: string) => page.locator('.message', { hasText: text })
    await getMessage('a long request').locator('.fold', { hasText: 'Show all' }).waitFor()
    t.equal(await getMessage('a short request').locator('.fold').count(), 0)
    await getMessage('a long request').locator('.fold').click()
    await getMessage('a long request').locator('.fold', { hasText: 'Show less' }).waitFor()
    const shownText = await getMessage('netstat').innerText()
    for (const part of ['command', 'netstat -ano | findstr :445', 'status', 'failed', 'no such port'])
      t.match(shownText, part)
    await context.close()
  },
)

t.test(
  '[ROOM57] on touch screens the toolbar of a message covers no byline, and the close button of the details covers no text',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    for (const text of ['above', 'touched', 'below']) await postMessage(event_id, text)
    const { page, context } = await warRoom.openAsEngineer('gus', event_id, { hasTouch: true, isMobile: true })
    await page.setViewportSize({ width: 390, height: 800 })
    await page.locator('.details [aria-label="Close"]').tap()
    await page.locator('.message', { hasText: 'touched' }).locator('.text, .prose').first().tap()
    // The toolbar is as high as its buttons once it is shown.
    await page.waitForFunction(() => document.querySelector('.message:focus .actions')?.clientHeight === 40)
    /** Counts the elements of the first selector that an element of the second one overlaps. */
    const countCovered = (coveredSelector: string, coverSelector: string) =>
      page.evaluate(
        ([covered = '', cover = '']) => {
          const listBoxes = (selector: string) =>
            [...document.querySelectorAll(selector)]
              .map((element) => element.getBoundingClientRect())
              .filter(({ height }) => height > 4) // A hidden toolbar has almost no height.
          const isOverlapping = (a: DOMRect, b: DOMRect) =>
            a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
          const covers = listBoxes(cover)
          return listBoxes(covered).filter((box) => covers.some((coverBox) => isOverlapping(box, coverBox))).length
        },
        [coveredSelector, coverSelector],
      )
    t.equal(await countCovered('.byline', '.actions'), 0)
    t.equal(await countCovered('.message .text', '.actions'), 0)
    await page.locator('.room-header [aria-label="Details"]').tap()
    for (const width of [390, 1_024, 1_440]) {
      await page.setViewportSize({ width, height: 800 })
      t.equal(await countCovered('.tabs [role=tab], .panel > *', '.tabs > .icon-only'), 0, `${width} px`)
    }
    await context.close()
  },
)
