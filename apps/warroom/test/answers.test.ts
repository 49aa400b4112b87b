import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startFakeModel } from '@engineer-chat/proof'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { getComposer, jumpTo, sendText, switchToChinese, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { startWarRoom } from '../testing/war-room.ts'

const model = await startFakeModel()
// Nothing listens at the endpoint of the model `dead`.
const models = [
  { id: 'dead', provider: 'openai-compatible', endpoint: 'http://127.0.0.1:9/v1', fallbacks: ['live'] },
  { id: 'live', provider: 'openai-compatible', endpoint: model.url },
].map((config) => ({ ...config, parameters: { max_tokens: 600 } }))
const LLM_MODELS_FILE = join(t.testdir({}), 'models.json')
await writeFile(LLM_MODELS_FILE, JSON.stringify({ default: 'dead', models }))
const warRoom = await startWarRoom({ env: { LLM_BASE_URL: '', LLM_MODELS_FILE } })
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(async () => {
  await warRoom.stop()
  await model.close()
})

const getLastAnswer = (page: Page) => page.locator('.message[data-kind=ai]').last()

t.test(
  '[ROOM20] an answer shows its sources, its reasoning, and which model answered instead of the chosen one',
  async (t) => {
    const { page, context, errors, externalRequests } = await warRoom.openAsEngineer('ada')
    await sendText(page, 'the host is isolated')
    await page.locator('.message[data-kind=person]', { hasText: 'isolated' }).waitFor()
    model.sendReasoning(
      'cite-q',
      `First **the host**.\n<img src=x onerror="window.pwned = 1">\n${'then the rest\n'.repeat(60)}`,
    )
    await sendText(page, '@AI /summary cite-q [ev2] [msg1] [msg99] [M365]')
    await getLastAnswer(page).locator('.facts').waitFor()

    const citations = getLastAnswer(page).locator('.citations li')
    t.match(await citations.allInnerTexts(), [/^ev2 description$/, /^msg1 ada · \d/, 'msg99 (not found in the event)'])
    await switchToChinese(page)
    await getLastAnswer(page)
      .locator('.citations li', { hasText: /^ev2 上报内容$/ })
      .waitFor()
    await page.locator('.account [aria-label="English"]').click()
    t.match(await getLastAnswer(page).locator('.prose').innerText(), /\[ev2\] \[msg1\] \[msg99\?\] \[M365\]/)
    t.equal(await citations.locator('button, a').count(), 2, 'a citation without a source has no link')
    await jumpTo(page, 'the host is isolated', () => citations.locator('a').click())

    const fallbackNote = getLastAnswer(page).locator('.fell-back')
    t.equal(await fallbackNote.innerText(), 'dead didn’t answer: it can’t be reached. fake-1 answered instead.')
    t.equal(
      await getLastAnswer(page).locator('.ending').count(),
      0,
      'there is no further note about the end of the answer',
    )

    const reasoning = getLastAnswer(page).locator('.reasoning .text')
    t.equal(await reasoning.count(), 0, 'the reasoning is not shown before it is opened')
    await getLastAnswer(page).locator('.reasoning summary').focus()
    await page.keyboard.press('Enter')
    await reasoning.waitFor()
    t.match(
      await reasoning.innerText(),
      /First \*\*the host\*\*\.\n<img src=x onerror="window\.pwned = 1">\nthen the rest/,
    )
    t.equal(await reasoning.locator('*').count(), 0, 'the reasoning is shown as plain text')
    await page.locator('.reasoning summary').scrollIntoViewIfNeeded()
    t.same(await listViolations(page), [])

    await switchToChinese(page)
    await fallbackNote.filter({ hasText: 'dead 没有回答：无法连接。由 fake-1 代为回答。' }).waitFor()
    t.equal(await getLastAnswer(page).locator('.reasoning summary').innerText(), '模型的思考过程')
    t.ok(await reasoning.isVisible(), 'the reasoning stays open')
    await getLastAnswer(page).locator('.reasoning summary').focus()
    await page.keyboard.press('Enter')
    await reasoning.waitFor({ state: 'detached' })
    t.same([errors, externalRequests], [[], []])
    await context.close()
  },
)

t.test('[ROOM21] if there are several models, the reader chooses which one answers', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('bea')
  const modelSelect = page.locator('.composer select.model')
  await getComposer(page).fill('to the room')
  t.equal(await modelSelect.count(), 0, 'a message to the room has no list of models')
  await getComposer(page).fill('@AI whoever')
  await modelSelect.waitFor()
  t.same(await modelSelect.locator('option').allInnerTexts(), ['Any model', 'dead', 'live'])
  await modelSelect.selectOption('live')
  t.same(await listViolations(page), [])
  await getComposer(page).press('Enter')
  await getLastAnswer(page).locator('.facts').waitFor()
  t.equal(await getLastAnswer(page).locator('.fell-back').count(), 0, 'the chosen model has answered')
  await getComposer(page).fill('@AI again')
  t.equal(await modelSelect.inputValue(), 'live', 'the choice is kept')
  await context.close()
})

t.test(
  '[PARTIAL3] the page shows the partial of an answer that broke off, and a retry starts from the beginning',
  async (t) => {
    const { page, context, errors, externalRequests } = await warRoom.openAsEngineer('cyd')
    const partialText = 'Isolate **host 7** [ev9].\n\n![x](https://cdn.example/a.png)\n\n- then image it'
    const callCount = 2 // The worker asks the model once more, and that call breaks off too.
    model.sendThenDisconnect('break-q', partialText, callCount)
    await getComposer(page).fill('@AI break-q')
    await page.locator('.composer select.model').selectOption('live')
    await getComposer(page).press('Enter')
    const partial = page.locator('.failure .broken-off')
    await partial.waitFor()
    t.equal(await partial.locator('summary').innerText(), 'The answer broke off: what was written before')
    t.equal(
      await partial.locator('.prose strong').innerText(),
      'host 7',
      'the partial is open and formatted like an answer',
    )
    t.equal(await partial.locator('.prose li').innerText(), 'then image it')
    t.same(
      await partial.locator('.prose + .cut-here').allInnerTexts(),
      ['Cut short here.'],
      'a note at its end says that it is cut',
    )
    t.equal(await page.locator('.message .citations').count(), 0, 'the partial has no citations')
    t.same(await listViolations(page), [])

    await partial.locator('summary').focus()
    await page.keyboard.press('Enter')
    await partial.locator('.prose').waitFor({ state: 'detached' })
    await switchToChinese(page)
    await partial.locator('summary', { hasText: '回答中断：此前已写出的内容' }).waitFor()
    t.equal(await partial.locator('.prose').count(), 0, 'the partial stays closed')
    await page.locator('.account [aria-label="English"]').click()

    await page.locator('.failure .retry').click()
    await getLastAnswer(page).locator('.facts').waitFor()
    t.equal(await partial.count(), 0)
    t.same([errors, externalRequests], [[], []])
    await context.close()
  },
)
