import type { Page } from 'playwright-core'

/** Tells the page that its tab is hidden or visible, because a headless browser never hides a tab. */
export async function setTabVisibility(page: Page, visibility: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
    document.dispatchEvent(new Event('visibilitychange'))
  }, visibility)
}
