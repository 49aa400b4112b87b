import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { sendText, switchToChinese, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom({ env: { LLM_MAX_CONCURRENT: '1' } })
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

/** Finds the lines of facts, which a finished answer has. */
const getFinishedAnswers = (page: Page) => page.locator('.message[data-kind=ai] .facts')

t.test('[PLACE3] a waiting reply shows its place in the queue and the estimated wait for its answer', async (t) => {
  const { page, errors, externalRequests, context } = await warRoom.openAsEngineer('dee')
  await sendText(page, '@AI a quick one')
  await getFinishedAnswers(page).waitFor()
  const pausedAnswer = warRoom.model.pauseAfterFirstDelta('slow-q')
  await warRoom.bob.ask(warRoom.getApiUrl(0), warRoom.event_id, 'slow-q')
  await pausedAnswer.started
  await sendText(page, '@AI my turn?')
  const progress = page.locator('.thinking .progress')
  await progress.filter({ hasText: 'Waiting, next · about 1 s' }).waitFor()
  t.same(await listViolations(page), [])
  await switchToChinese(page)
  await progress.filter({ hasText: '排队中，下一个就是你 · 约 1 秒' }).waitFor()
  await page.locator('.account [aria-label="English"]').click()

  pausedAnswer.resume()
  await getFinishedAnswers(page).nth(1).waitFor()
  t.equal(await progress.count(), 0)
  t.same([errors, externalRequests], [[], []])
  await context.close()
})
