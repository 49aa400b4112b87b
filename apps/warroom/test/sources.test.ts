import { openMysql } from '@engineer-chat/adapters/mysql'
import type { Page } from 'playwright-core'
import t from 'tap'
import { countByKind } from '../src/ui/sources/count-by-kind.ts'
import { listViolations } from '../testing/axe.ts'
import { jumpTo, sendText, switchToChinese, TEST_FILE_TIMEOUT_MS, waitForAnswerEnd } from '../testing/browser.ts'
import { checkEveryLanguageAndTheme } from '../testing/every-language-and-theme.ts'
import { startWarRoom } from '../testing/war-room.ts'

t.setTimeout(TEST_FILE_TIMEOUT_MS)
const warRoom = await startWarRoom()
t.teardown(() => warRoom.stop())

const getSourcesLine = (page: Page) => page.locator('.message[data-kind=ai] .answer-sources').last()

t.test('[ROOM106] an answer names its sources in one line, and each source links to its place', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context, errors, externalRequests } = await warRoom.openAsEngineer('ada', event_id)
  await sendText(page, 'the host 10.0.0.7 is isolated')
  await page.locator('.message[data-kind=person]', { hasText: 'isolated' }).waitFor()
  await sendText(page, '@AI is it contained?')

  await getSourcesLine(page)
    .locator('summary', { hasText: /^Sources: event, 1 message$/ })
    .waitFor()
  t.equal(await getSourcesLine(page).locator('li').count(), 0, 'the list of sources is not drawn before it is opened')
  await getSourcesLine(page).locator('summary').focus()
  await page.keyboard.press('Enter')
  const sourceItems = getSourcesLine(page).locator('li')
  t.match(await sourceItems.allInnerTexts(), [/^ev1 event$/, /^ev2 description$/, /^msg1 ada · /])
  await page.locator('.details [aria-label="Close"]').click() // The details would cover the answer on a narrow screen.
  await checkEveryLanguageAndTheme(t, page, 'the sources of an answer')

  await jumpTo(page, 'is isolated', () => sourceItems.nth(2).locator('a').click())
  await sourceItems.nth(0).locator('button').click()
  await page.locator('.details [role=tab][aria-selected=true]').waitFor()

  await switchToChinese(page)
  await getSourcesLine(page)
    .locator('summary', { hasText: /^依据：事件、1 条消息$/ })
    .waitFor()
  t.same(await listViolations(page), [])
  t.same([errors, externalRequests], [[], []])
  await context.close()
})

t.test('[ROOM106] an answer of an older version has no line of sources', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context, errors } = await warRoom.openAsEngineer('bea', event_id)
  await sendText(page, '@AI is it contained?')
  await getSourcesLine(page).locator('summary').waitFor()
  const mysql = openMysql(warRoom.product.mysql.url, { connectionLimit: 1 })
  const sql = "UPDATE messages SET message_content = JSON_REMOVE(message_content, '$.sources') WHERE event_id = ?"
  await mysql.pool.query(sql, [event_id])
  await mysql.close()

  await page.reload()

  await waitForAnswerEnd(page)
  t.equal(await getSourcesLine(page).count(), 0)
  t.same(errors, [])
  await context.close()
})

t.test('[ROOM106] an answer whose sources are not all stored shows the number of the others', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context, errors } = await warRoom.openAsEngineer('cleo', event_id)
  await sendText(page, '@AI is it contained?')
  await getSourcesLine(page).locator('summary').waitFor()
  const mysql = openMysql(warRoom.product.mysql.url, { connectionLimit: 1 })
  const sql = `UPDATE messages SET message_content = JSON_SET(message_content, '$.sources_left_out', 440)
    WHERE event_id = ? AND sender_type = 'ai'`
  await mysql.pool.query(sql, [event_id])
  await mysql.close()

  await page.reload()

  await getSourcesLine(page)
    .locator('summary', { hasText: /^Sources: event, and 440 more$/ })
    .click()
  await getSourcesLine(page)
    .locator('li', { hasText: /^and 440 more$/ })
    .waitFor()
  t.same(await listViolations(page), [])
  await switchToChinese(page)
  await getSourcesLine(page)
    .locator('summary', { hasText: /^依据：事件、另有 440 项$/ })
    .waitFor()
  t.same(errors, [])
  await context.close()
})

t.test('[ROOM106] sources are counted by kind in a fixed order, and an unknown kind counts as “other”', async (t) => {
  const kinds = ['message', 'event', 'description', 'pin', 'message', 'hologram', 'summary']
  t.same(countByKind(kinds.map((kind) => ({ kind }))), [
    ['event', 2],
    ['summary', 1],
    ['pin', 1],
    ['message', 2],
    ['other', 1],
  ])
})
