import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { listViolations } from './axe.ts'
import { switchToChinese } from './browser.ts'

export const WIDE = { width: 1280, height: 800 }
export const NARROW = { width: 360, height: 740 }

/** Lists the looks, each a language with a theme, and how to reach each one from the look before it. */
const LOOKS: Array<[name: string, change: (page: Page) => Promise<void>]> = [
  ['English, dark', async () => {}],
  ['English, light', (page) => page.locator('[aria-label="Light theme"]').click()],
  ['Chinese, light', switchToChinese],
  ['Chinese, dark', (page) => page.locator('[aria-label="深色主题"]').click()],
]

/** Runs a check in both languages and themes, on a wide screen and at 360 px, and returns to the first look. */
async function visitEveryLook(page: Page, check: (look: string, isWide: boolean) => Promise<void>): Promise<void> {
  for (const [name, change] of LOOKS) {
    await change(page)
    for (const size of [WIDE, NARROW]) {
      await page.setViewportSize(size)
      await check(`${name}, ${size.width} px`, size === WIDE)
    }
    await page.setViewportSize(WIDE)
  }
  await page.locator('.account [aria-label="English"]').click()
  await page.locator('html[lang^=en]').waitFor({ state: 'attached' })
}

/**
 * Checks that no look is wider than the screen. Also checks that axe finds no violation on a wide screen, and in the
 * last look at 360 px.
 */
export const checkEveryLook = (t: Test, page: Page, view: string): Promise<void> =>
  visitEveryLook(page, async (look, isWide) => {
    const isLast = look.startsWith(LOOKS.at(-1)?.[0] ?? '')
    if (isWide || isLast) t.same(await listViolations(page), [], `${view}: ${look}`)
    const isContained = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
    t.ok(isContained, `${view}: nothing is wider than the screen, ${look}`)
  })
