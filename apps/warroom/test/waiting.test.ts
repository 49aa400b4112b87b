import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { sendText, switchToChinese } from '../testing/browser.ts'
import { openWarRoom } from '../testing/war-room.ts'

const room = await openWarRoom({ env: { LLM_MAX_CONCURRENT: '1' } })
t.setTimeout(120_000)
t.teardown(() => room.stop())

const answers = (page: Page) => page.locator('.message[data-kind=ai] .facts')

t.test('[PLACE3] the page shows a waiting reply its place and about how long, until its answer begins', async (t) => {
  const { page, errors, outsideRequests, context } = await room.openAsEngineer('dee')
  await sendText(page, '@AI a quick one')
  await answers(page).waitFor()
  const paused = room.model.pauseAfterFirstPiece('slow-q')
  await room.bob.ask(room.getApiUrl(0), room.event_id, 'slow-q')
  await paused.started
  await sendText(page, '@AI my turn?')
  const progress = page.locator('.thinking .progress')
  await progress.filter({ hasText: 'Waiting, next · about 1 s' }).waitFor()
  t.same(await listViolations(page), [])
  await switchToChinese(page)
  await progress.filter({ hasText: '排队中，下一个就是你 · 约 1 秒' }).waitFor()
  await page.locator('.account [aria-label="English"]').click()

  paused.resume()
  await answers(page).nth(1).waitFor()
  t.equal(await progress.count(), 0)
  t.same([errors, outsideRequests], [[], []])
  await context.close()
})
