import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { sendText, TEST_FILE_TIMEOUT_MS, waitForAnswerEnd } from '../testing/browser.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const TABLE = [
  '| host | 说明 | path | what was seen |',
  '|---|---|---|---|',
  '| fin-ws-042.corp.example | 已隔离 | `C:\\ProgramData\\svc\\updater.dll` | an interactive logon of svc-backup at 10:04 that nobody in the team can explain |',
].join('\n')

t.test('[ROOM43] a wide table scrolls horizontally and breaks no word', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('ada')
  await page.setViewportSize({ width: 360, height: 720 })
  const closeButton = page.locator('.tabs [aria-label=Close]')
  if (await closeButton.isVisible()) await closeButton.click()
  await sendText(page, `@AI table-q\n\n${TABLE}`)
  const table = page.locator('.message[data-kind=ai] .table')
  await table.waitFor()
  const [scrollWidth = 0, clientWidth = 0] = await table.evaluate((element) => [
    element.scrollWidth,
    element.clientWidth,
  ])
  t.ok(scrollWidth > clientWidth, `${scrollWidth} px in ${clientWidth} px`)
  t.same(await page.locator('.message[data-kind=ai] :is(th, td)').evaluateAll(findBrokenWords), [])
  t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), 'the page itself does not scroll')
  await context.close()
})

/** Lists the words whose characters are on more than one line. */
function findBrokenWords(cells: Element[]): string[] {
  const brokenWords: string[] = []
  for (const cell of cells) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const { 0: word, index } of (node.textContent ?? '').matchAll(/\S+/g)) {
        const range = document.createRange()
        range.setStart(node, index)
        range.setEnd(node, index + word.length)
        const lineTops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
        if (lineTops.size > 1) brokenWords.push(word)
      }
    }
  }
  return brokenWords
}

t.test('[ROOM43] the levels of headings have no gap, whatever levels were written', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  for (const round_id of [1, 2]) {
    const event_summary = '### First\n\ntext\n\n# Second\n\n##### Third\n\n> # quoted'
    const summary = { round_id, event_summary, event_suggestion: '#### Do this\n\n## And that' }
    await warRoom.agent.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/summaries`, summary)
  }
  const { page, context } = await warRoom.openAsEngineer('bea', event_id)
  await page.locator('.details h2', { hasText: 'Earlier' }).waitFor()
  await page.locator('.details details').evaluateAll((all) => {
    for (const element of all) element.setAttribute('open', '')
  })
  await sendText(page, '@AI heading-q\n\n### Deep\n\n# High')
  await waitForAnswerEnd(page)
  for (const place of ['.room', '.details']) {
    const levels = await readLevels(page, place)
    t.ok(levels.length > 2, `${place}: ${levels}`)
    for (const [index, level] of levels.entries()) {
      const earlierLevel = levels[index - 1] ?? 1
      t.ok(level <= earlierLevel + 1, `${place}: ${levels}`)
    }
  }
  await context.close()
})

const readLevels = (page: Page, place: string): Promise<number[]> =>
  page
    .locator(`${place} :is(h1, h2, h3, h4, h5, h6)`)
    .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])))

t.test('[ROOM43] the selected row of the palette has enough contrast in both themes', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('cyd')
  for (const theme of ['Light theme', 'Dark theme']) {
    await page.locator(`[aria-label="${theme}"]`).click()
    await page.keyboard.press('Control+k')
    await page.locator('.palette [aria-selected=true] .quiet').waitFor()
    t.same(await listViolations(page), [], theme)
    const [hintColour, labelColour] = await Promise.all([
      page.locator('.palette [aria-selected=true] .quiet').evaluate((element) => getComputedStyle(element).color),
      page.locator('.palette [aria-selected=true]').evaluate((element) => getComputedStyle(element).color),
    ])
    t.equal(hintColour, labelColour, 'the hint has the same colour as the label')
    await page.keyboard.press('Escape')
  }
  await context.close()
})
