import type { Page } from 'playwright-core'

/** Holds the place of a text in the timeline. `top` is in pixels below the timeline's upper edge. */
export interface Place {
  text: string
  top: number
}

/** Waits until nothing moves, and returns the place of the first visible message or paragraph. */
export const readPlace = (page: Page): Promise<Place> => page.evaluate(findStillPlace, undefined)

/** Waits until nothing moves, and returns the place of the same text. */
export const findPlace = async (page: Page, { text }: Place): Promise<Place> => page.evaluate(findStillPlace, text)

/** Scrolls by the wheel, as a reader does, and returns the new place. */
export async function scrollBy(page: Page, pixels: number): Promise<Place> {
  await page.locator('.rows').hover()
  await page.mouse.wheel(0, pixels)
  return readPlace(page)
}

async function findStillPlace(expectedText: string | undefined): Promise<{ text: string; top: number }> {
  const STILL_FRAMES = 24
  const find = () => {
    const upper = document.querySelector('.rows')?.getBoundingClientRect().top ?? 0
    for (const one of document.querySelectorAll('.rows .prose p, .rows .text')) {
      const text = (one.textContent ?? '').slice(0, 60)
      const top = one.getBoundingClientRect().top - upper
      if (expectedText === undefined ? top >= 0 : text === expectedText) return { text, top: Math.round(top) }
    }
    return { text: '', top: 0 }
  }
  let before = find()
  for (let still = 0; still < STILL_FRAMES; still += 1) {
    await new Promise(requestAnimationFrame)
    const now = find()
    if (now.text !== before.text || now.top !== before.top) still = 0
    before = now
  }
  return before
}
