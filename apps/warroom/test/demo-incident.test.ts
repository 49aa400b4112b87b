import type { Page } from 'playwright-core'
import t from 'tap'
import { startDemo } from '../bin/demo.ts'
import { enterRoom, signIn, startBrowser, visit } from '../testing/browser.ts'
import { waitUntilStill } from '../testing/reading-place.ts'

const WANTED_ROWS = 22

t.setTimeout(480_000)
const [demo, browser] = await Promise.all([startDemo(), startBrowser()])
t.teardown(async () => {
  await browser.close()
  await demo.stop()
})

/** Counts the messages that are completely visible in the timeline, and measures their smallest control. */
const measureRows = (page: Page) =>
  page.evaluate(() => {
    const list = document.querySelector('.rows')?.getBoundingClientRect()
    const rows = [...document.querySelectorAll('.rows .message')].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect()
      return list !== undefined && top >= list.top && bottom <= list.bottom
    })
    const folds = rows.flatMap((row) => [...row.querySelectorAll('.fold')])
    const lines = rows.map((row) => {
      const { lineHeight, fontSize } = getComputedStyle(row.querySelector('.prose') ?? row)
      return Number.parseFloat(lineHeight) / Number.parseFloat(fontSize)
    })
    return {
      count: rows.length,
      smallestTarget: Math.min(...folds.map((fold) => fold.getBoundingClientRect().height)),
      tightestLine: Math.min(...lines),
    }
  })

for (const locale of ['en-GB', 'zh-CN']) {
  t.test(
    `[ROOM100] 22 rows of the demo incident are visible and readable on a screen of 1440 × 900 (${locale})`,
    async (t) => {
      const { page, context } = await visit(browser, demo.url, { viewport: { width: 1_440, height: 900 }, locale })
      t.teardown(() => context.close())
      await signIn(page, 'alice', demo.getPassword('alice'))
      await enterRoom(page, demo.url, demo.event_id)
      await page.locator('.message', { hasText: 'I have the change approval' }).waitFor()
      await waitUntilStill(page)
      const { count, smallestTarget, tightestLine } = await measureRows(page)
      t.ok(count >= WANTED_ROWS, `${count} rows`)
      t.ok(smallestTarget >= 24, `${smallestTarget} px to hit`)
      t.ok(tightestLine >= 1.5, `lines of ${tightestLine}`)
    },
  )
}
