import { createCitationMatcher, splitCitationMarks } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { sendText } from '../testing/browser.ts'
import { openWarRoom } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

const answer = (page: Page) => page.locator('.message[data-kind=ai]').last()

t.test('[ROOM85] marks are split from the prose around them, and what is no citation stays text', async (t) => {
  const isCited = createCitationMatcher([
    { id: 'ev2', label: 'description', supported: true },
    { id: 'msg9', label: '', supported: false },
  ])
  t.same(splitCitationMarks('Host [EV2, C2；msg9?]. [M365] [ev2](x)', isCited), [
    { start: 0, text: 'Host ' },
    { start: 6, text: 'EV2', id: 'EV2' },
    { start: 11, text: '[C2]' },
    { start: 14, text: 'msg9?', id: 'msg9' },
    { start: 20, text: '. [M365] [ev2](x)' },
  ])
  t.same(splitCitationMarks('', isCited), [])
})

t.test('[ROOM85] a citation is a chip where it stands: it previews its source and leads there', async (t) => {
  const { page, context, errors, outsideRequests } = await room.openAsEngineer('ada')
  await sendText(page, 'the host 10.0.0.7 is isolated')
  await page.locator('.message[data-kind=person]', { hasText: 'isolated' }).waitFor()
  await sendText(page, '@AI /summary cite-q [ev2]; `[ev2]` [msg1, msg99] [M365]')
  await answer(page).locator('.facts').waitFor()
  const prose = answer(page).locator('.prose')
  const chips = prose.locator('.cite')
  t.same(await chips.allInnerTexts(), ['[ev2]', '[msg1]', '[msg99?]'], 'not in code')
  t.match(await prose.innerText(), /\[ev2\]; \[ev2\] \[msg1\] \[msg99\?\] \[M365\]/, 'what is copied has its brackets')

  const preview = page.locator('.cite-preview')
  await chips.nth(1).hover()
  await preview.waitFor()
  t.match(await preview.innerText(), /^msg1\s+ada\s+.*\d\d:\d\d.*\s+the host 10\.0\.0\.7 is isolated$/)
  t.same(await listViolations(page), [])
  await preview.hover()
  await page.keyboard.press('Escape')
  await preview.waitFor({ state: 'detached' })

  await chips.nth(0).focus()
  await preview.filter({ hasText: /^ev2\s*description/ }).waitFor()
  await page.keyboard.press('Tab')
  await preview.filter({ hasText: 'the host' }).waitFor()
  t.equal(await chips.nth(1).getAttribute('aria-describedby'), await preview.getAttribute('id'))
  await page.keyboard.press('Tab')
  await preview.filter({ hasText: 'msg99 Nothing in this event has this id.' }).waitFor()
  t.match(await chips.nth(2).getAttribute('class'), 'unsupported')
  t.same(await listViolations(page), [])
  await page.keyboard.press('Escape')
  await preview.waitFor({ state: 'detached' })

  await page.locator('.account [aria-label="中文"]').click()
  await chips.nth(0).hover()
  await preview.filter({ hasText: /^ev2\s*上报内容/ }).waitFor()
  t.same(await listViolations(page), [])
  await chips.nth(1).focus()
  await page.keyboard.press('Enter')
  await page.locator('.message.marked', { hasText: 'is isolated' }).waitFor()
  await preview.waitFor({ state: 'detached' })
  t.same([errors, outsideRequests], [[], []])
  await context.close()
})
