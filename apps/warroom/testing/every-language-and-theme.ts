import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { listViolations } from './axe.ts'
import { switchToChinese } from './browser.ts'

export const WIDE = { width: 1280, height: 800 }
export const NARROW = { width: 360, height: 740 }

interface Look {
  name: string
  change(page: Page): Promise<void>
}

/** A look is a language with a theme. `change` switches the page to it from the previous look of this list. */
const LOOKS: readonly Look[] = [
  { name: 'English, dark', change: async () => {} },
  { name: 'English, light', change: (page) => page.locator('[aria-label="Light theme"]').click() },
  { name: 'Chinese, light', change: switchToChinese },
  { name: 'Chinese, dark', change: (page) => page.locator('[aria-label="深色主题"]').click() },
]

/** Runs a check in each look, on a wide screen and at 360 px, and then returns to the first look. */
async function visitEveryLook(page: Page, check: (look: Look, isWide: boolean) => Promise<void>): Promise<void> {
  for (const look of LOOKS) {
    await look.change(page)
    for (const size of [WIDE, NARROW]) {
      await page.setViewportSize(size)
      await check(look, size === WIDE)
    }
    await page.setViewportSize(WIDE)
  }
  await page.locator('.account [aria-label="English"]').click()
  await page.locator('html[lang^=en]').waitFor({ state: 'attached' })
}

/**
 * Checks in each look that nothing is wider than the screen, and that axe finds no violation on a wide screen. At 360 px
 * axe checks only the last look.
 */
export const checkEveryLanguageAndTheme = (t: Test, page: Page, view: string): Promise<void> =>
  visitEveryLook(page, async (look, isWide) => {
    const description = `${look.name}, ${isWide ? WIDE.width : NARROW.width} px`
    const isLastLook = look === LOOKS.at(-1)
    if (isWide || isLastLook) t.same(await listViolations(page), [], `${view}: ${description}`)
    const isContained = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
    t.ok(isContained, `${view}: nothing is wider than the screen, ${description}`)
  })
