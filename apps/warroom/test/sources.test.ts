import { openMysql } from '@engineer-chat/adapters/mysql'
import type { Page } from 'playwright-core'
import t from 'tap'
import { countKinds } from '../src/ui/sources/count-kinds.ts'
import { listViolations } from '../testing/axe.ts'
import { sendText, switchToChinese } from '../testing/browser.ts'
import { openWarRoom } from '../testing/war-room.ts'

t.setTimeout(240_000)
const room = await openWarRoom()
t.teardown(() => room.stop())

const foot = (page: Page) => page.locator('.message[data-kind=ai] .rested-on').last()

t.test('[ROOM106] an answer says in a line what it rested on; each source leads to its place', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context, errors, outsideRequests } = await room.openAsEngineer('ada', event_id)
  await sendText(page, 'the host 10.0.0.7 is isolated')
  await page.locator('.message[data-kind=person]', { hasText: 'isolated' }).waitFor()
  await sendText(page, '@AI is it contained?')

  await foot(page)
    .locator('summary', { hasText: /^Rested on: event, 1 message$/ })
    .waitFor()
  t.equal(await foot(page).locator('li').count(), 0, 'the list is not drawn before it is opened')
  await foot(page).locator('summary').focus()
  await page.keyboard.press('Enter')
  const entries = foot(page).locator('li')
  t.match(await entries.allInnerTexts(), [/^ev1 event$/, /^ev2 description$/, /^msg1 ada · /])
  t.same(await listViolations(page), [])

  await entries.nth(2).locator('a').click()
  await page.locator('.message.marked', { hasText: 'is isolated' }).waitFor()
  await entries.nth(0).locator('button').click()
  await page.locator('.details [role=tab][aria-selected=true]').waitFor()

  await switchToChinese(page)
  await foot(page)
    .locator('summary', { hasText: /^依据：事件、1 条消息$/ })
    .waitFor()
  t.same(await listViolations(page), [])
  t.same([errors, outsideRequests], [[], []])
  await context.close()
})

t.test('[ROOM106] an answer of before shows without it', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context, errors } = await room.openAsEngineer('bea', event_id)
  await sendText(page, '@AI is it contained?')
  await foot(page).locator('summary').waitFor()
  const mysql = openMysql(room.product.mysql.url, { connectionLimit: 1 })
  const sql = "UPDATE messages SET message_content = JSON_REMOVE(message_content, '$.sources') WHERE event_id = ?"
  await mysql.pool.query(sql, [event_id])
  await mysql.close()

  await page.reload()

  await page.locator('.message[data-kind=ai] .facts').waitFor()
  t.equal(await foot(page).count(), 0)
  t.same(errors, [])
  await context.close()
})

t.test('[ROOM106] kinds are counted in one order, and one of a later version is another source', async (t) => {
  const kinds = ['message', 'event', 'description', 'pin', 'message', 'hologram', 'summary']
  t.same(countKinds(kinds.map((kind) => ({ kind }))), [
    ['event', 2],
    ['summary', 1],
    ['pin', 1],
    ['message', 2],
    ['other', 1],
  ])
})
