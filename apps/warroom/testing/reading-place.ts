import type { Page } from 'playwright-core'

/** Holds where a message or paragraph is in the timeline. */
export interface Place {
  /** Holds the first 60 characters of its text. */
  text: string
  /** Holds its distance in pixels from the timeline's upper edge. */
  top: number
}

/** Waits until nothing moves. */
export async function waitUntilStill(page: Page): Promise<void> {
  await readPlace(page)
}

/** Waits until nothing moves, and returns the place of the first visible message or paragraph. */
export const readPlace = (page: Page): Promise<Place> => page.evaluate(findStillPlace, undefined)

/**
 * Waits until nothing moves, and returns the place of the message or paragraph whose first 60 characters are exactly
 * this text (`Place.text`).
 */
export const findPlace = (page: Page, text: string): Promise<Place> => page.evaluate(findStillPlace, text)

/** Scrolls by the wheel, as a reader does, and returns the new place. */
export async function scrollBy(page: Page, pixels: number): Promise<Place> {
  await page.locator('.rows').hover()
  await page.mouse.wheel(0, pixels)
  return readPlace(page)
}

async function findStillPlace(expectedText: string | undefined): Promise<Place> {
  // 24 frames last 0.4 s. This is longer than the 0.25 s after which the page treats a scroll as ended (SCROLLING_MS).
  const REQUIRED_STILL_FRAMES = 24
  const measurePlace = () => {
    const upperEdge = document.querySelector('.rows')?.getBoundingClientRect().top ?? 0
    for (const element of document.querySelectorAll('.rows .prose p, .rows .text')) {
      const text = (element.textContent ?? '').slice(0, 60)
      const top = element.getBoundingClientRect().top - upperEdge
      if (expectedText === undefined ? top >= 0 : text === expectedText) return { text, top: Math.round(top) }
    }
    return { text: '', top: 0 }
  }
  let previous = measurePlace()
  for (let stillFrames = 0; stillFrames < REQUIRED_STILL_FRAMES; stillFrames += 1) {
    await new Promise(requestAnimationFrame)
    const current = measurePlace()
    if (current.text !== previous.text || current.top !== previous.top) stillFrames = 0
    previous = current
  }
  return previous
}
