import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { saveScreenshot, sendText, TEST_FILE_TIMEOUT_MS, waitForAnswerEnd } from '../testing/browser.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

/** The account has an invisible character, and the last line is longer than the screen. */
const CODE = `SecurityEvent\n| where Account == "a\u200bb" and ${'x'.repeat(400)} // end`
const postMessage = (event_id: string, message: string) =>
  warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
/** Reads the texts that the page colours as this kind of token. */
const readHighlights = (page: Page, kind: string) =>
  page.evaluate(
    (name) =>
      [...(CSS.highlights.get(name) ?? [])].map((range) =>
        range.startContainer.textContent?.slice(range.startOffset, range.endOffset),
      ),
    `code-${kind}`,
  )

t.test('[ROOM90] code has a header, colours, a switch for long lines, and is copied as it was written', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  await postMessage(event_id, `look:\n\`\`\`kql\n${CODE}\n\`\`\`\nand\n\`\`\`\nplain\n\`\`\``)
  const permissions = ['clipboard-read', 'clipboard-write']
  const { page, context } = await warRoom.openAsEngineer('ada', event_id, { permissions })
  const blocks = page.locator('.message .code-block')
  const block = blocks.first()
  await block.waitFor()
  t.equal(await block.locator('.info').innerText(), 'kql')
  await page.waitForFunction(() => CSS.highlights.has('code-keyword'))
  t.same(await readHighlights(page, 'keyword'), ['where', 'and'])
  t.same(await readHighlights(page, 'comment'), ['// end'])
  t.equal(await block.locator('code').evaluate((code) => code.childNodes.length), 1, 'the code is one text node')
  const pre = block.locator('pre')
  const isOverflowing = () => pre.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
  t.ok(await isOverflowing())
  const wrapButton = block.getByRole('button', { name: 'Wrap' })
  await wrapButton.click()
  t.equal(await wrapButton.getAttribute('aria-pressed'), 'true')
  t.notOk(await isOverflowing())
  await block.getByRole('button', { name: 'Copy' }).click()
  await page.locator('.toast').waitFor()
  t.equal(
    await page.evaluate(() => navigator.clipboard.readText()),
    CODE,
    'invisible characters are copied, not their marks',
  )
  t.same(await listViolations(page), [])
  await saveScreenshot(page, 'code')
  await context.close()
})

const TABLE = ['| host | ip | hits |', '|---|---|---|']
for (const [host, ip, hits] of [
  ['b', '10.0.0.10', '9'],
  ['a', '10.0.0.9', '1,000'],
  ['=c', '9.9.9.9', '10'],
])
  TABLE.push(`| ${host} | ${ip} | ${hits} |`)

t.test(
  '[ROOM91] a table is sorted by a column and returns to the written order, keeps its header in view, and is copied as CSV',
  async (t) => {
    const permissions = ['clipboard-read', 'clipboard-write']
    const { page, context } = await warRoom.openAsEngineer('bea', await warRoom.createEvent(warRoom.alice), {
      permissions,
    })
    const fillerRows = Array.from({ length: 60 }, (_, index) => `| filler-${index} | | |`)
    await sendText(page, `@AI sort-q\n\n${[...TABLE, ...fillerRows].join('\n')}`)
    await waitForAnswerEnd(page)
    const table = page.locator('.message[data-kind=ai] .data-table')
    /** Reads the first three cells, because the filler rows stay at the end. */
    const readColumn = (column: number) =>
      table
        .locator(`tbody tr td:nth-child(${column})`)
        .evaluateAll((cells) => cells.slice(0, 3).map((cell) => cell.textContent))
    const writtenOrder = ['b', 'a', '=c']
    t.same(await readColumn(1), writtenOrder)
    const sortByIpButton = table.getByRole('button', { name: 'Sort by ip' })
    await sortByIpButton.focus()
    await page.keyboard.press('Enter')
    t.same(await readColumn(2), ['9.9.9.9', '10.0.0.9', '10.0.0.10'])
    t.equal(await table.locator('th').nth(1).getAttribute('aria-sort'), 'ascending')
    await page.keyboard.press('Enter')
    t.same(await readColumn(2), ['10.0.0.10', '10.0.0.9', '9.9.9.9'])
    await table.getByRole('button', { name: 'Sort by hits' }).click()
    t.same(await readColumn(3), ['9', '10', '1,000'])
    const scrollBox = table.locator('.table')
    await scrollBox.evaluate((element) => element.scrollTo(0, 300))
    const [boxTop, headTop] = await table.evaluate((element) => [
      element.querySelector('.table')?.getBoundingClientRect().top ?? 0,
      element.querySelector('th')?.getBoundingClientRect().top ?? 9_999,
    ])
    t.ok(Math.abs(headTop - boxTop) < 3, `the header is at ${headTop} px, the table’s upper edge at ${boxTop} px`)
    await table.getByRole('button', { name: 'Copy as CSV' }).click()
    await page.locator('.toast', { hasText: 'One cell begins' }).waitFor()
    const csv = await page.evaluate(() => navigator.clipboard.readText())
    t.equal(csv.split(/\r?\n/).slice(0, 4).join(' '), 'host,ip,hits b,10.0.0.10,9 \'=c,9.9.9.9,10 a,10.0.0.9,"1,000"')
    t.same(await listViolations(page), [])
    await table.getByRole('button', { name: 'Sort by hits' }).click()
    await table.getByRole('button', { name: 'Sort by hits' }).click()
    t.same(await readColumn(1), writtenOrder, 'the third press brings the written order back')
    await saveScreenshot(page, 'table')
    await context.close()
  },
)
