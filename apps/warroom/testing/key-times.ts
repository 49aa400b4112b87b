import type { Page } from 'playwright-core'
import { getComposer } from './browser.ts'

declare global {
  interface Window {
    keyTimes?: number[]
  }
}

const SENTENCE = 'what do we know about the hosts in finance?'

/** Measures the time from a key's press to the frame after it, in milliseconds. */
export async function measureKeyTimes(page: Page, text = SENTENCE, delayMs = 12): Promise<number[]> {
  await getComposer(page).focus()
  await page.evaluate(() => {
    const times: number[] = []
    window.keyTimes = times
    const timeKey = (event: Event) => {
      requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - event.timeStamp)))
    }
    document.querySelector('.composer textarea')?.addEventListener('keydown', timeKey)
  })
  await page.keyboard.type(text, { delay: delayMs })
  return page.evaluate(() => window.keyTimes ?? [])
}

/** Returns the 95th percentile. */
export const computeP95 = (times: number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0

const MAX_SERIES = 3

/**
 * Measures up to three series and returns the lowest 95th percentile, because other tests on this machine can only make
 * a series slower. It stops after the first series below the limit.
 */
export async function measureBestP95(page: Page, limitMs: number, text?: string, delayMs?: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let series = 0; series < MAX_SERIES && best >= limitMs; series += 1)
    best = Math.min(best, computeP95(await measureKeyTimes(page, text, delayMs)))
  return best
}
