import type { Page } from 'playwright-core'
import t from 'tap'
import { startDemo } from '../bin/demo.ts'
import { goToRoom, signIn, startBrowser, TEST_FILE_TIMEOUT_MS, visit } from '../testing/browser.ts'
import { waitUntilStill } from '../testing/reading-place.ts'

const MIN_ROWS = 22
const MIN_TARGET_PX = 24 // WCAG 2.2 requires this size of a target.
const MIN_LINE_HEIGHT = 1.5 // This is relative to the font size.

t.setTimeout(TEST_FILE_TIMEOUT_MS)
const [demo, browser] = await Promise.all([startDemo(), startBrowser()])
t.teardown(async () => {
  await browser.close()
  await demo.stop()
})

/** Counts the messages that are completely visible in the timeline, and measures their controls and lines. */
const measureRows = (page: Page) =>
  page.evaluate(() => {
    const timeline = document.querySelector('.rows')?.getBoundingClientRect()
    const rows = [...document.querySelectorAll('.rows .message')].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect()
      return timeline !== undefined && top >= timeline.top && bottom <= timeline.bottom
    })
    const folds = rows.flatMap((row) => [...row.querySelectorAll('.fold')])
    const lineHeights = rows.map((row) => {
      const { lineHeight, fontSize } = getComputedStyle(row.querySelector('.prose') ?? row)
      return Number.parseFloat(lineHeight) / Number.parseFloat(fontSize)
    })
    return {
      count: rows.length,
      smallestTargetPx: Math.min(...folds.map((fold) => fold.getBoundingClientRect().height)),
      smallestLineHeight: Math.min(...lineHeights),
    }
  })

for (const locale of ['en-GB', 'zh-CN']) {
  t.test(
    `[ROOM100] 22 rows of the demo incident are visible and readable on a screen of 1440 × 900 (${locale})`,
    async (t) => {
      const { page, context } = await visit(browser, demo.url, { viewport: { width: 1_440, height: 900 }, locale })
      t.teardown(() => context.close())
      await signIn(page, 'alice', demo.getPassword('alice'))
      await goToRoom(page, demo.url, demo.event_id)
      await page.locator('.message', { hasText: 'I have the change approval' }).waitFor()
      await waitUntilStill(page)
      const { count, smallestTargetPx, smallestLineHeight } = await measureRows(page)
      t.ok(count >= MIN_ROWS, `${count} rows`)
      t.ok(smallestTargetPx >= MIN_TARGET_PX, `the smallest control is ${smallestTargetPx} px high`)
      t.ok(smallestLineHeight >= MIN_LINE_HEIGHT, `the smallest line height is ${smallestLineHeight}`)
    },
  )
}
