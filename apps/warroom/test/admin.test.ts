import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startFakeModel } from '@engineer-chat/proof'
import type { Page, Route } from 'playwright-core'
import t, { type Test } from 'tap'
import { listViolations } from '../testing/axe.ts'
import { signIn, switchToChinese, TEST_FILE_TIMEOUT_MS, type Visitor, visit } from '../testing/browser.ts'
import { seedStatistics } from '../testing/statistics.ts'
import { PASSWORD, startWarRoom } from '../testing/war-room.ts'

const model = await startFakeModel()
const models = [
  {
    id: 'deepseek-v3',
    provider: 'openai-compatible',
    endpoint: 'http://llm.inside.example:9/v1',
    api_key_env: 'HOUSE_KEY',
    context_window: 65_536,
    prices: { prompt: 0.27, completion: 1.1 },
    parameters: { max_tokens: 4_096 },
    fallbacks: ['house', 'offline'],
    limits: { max_concurrent: 10, tokens_per_minute: 90_000 },
    choose_for: [{ severity: ['critical', 'high'], words: ['ransomware', '勒索'] }],
  },
  {
    id: 'house',
    provider: 'openai-compatible',
    endpoint: model.url,
    model: 'qwen3:8b',
    parameters: { max_tokens: 600 },
    fallbacks: ['offline'],
  },
]
const LLM_MODELS_FILE = join(t.testdir({}), 'models.json')
await writeFile(LLM_MODELS_FILE, JSON.stringify({ default: 'house', models }))
const warRoom = await startWarRoom({ env: { LLM_BASE_URL: '', LLM_MODELS_FILE, HOUSE_KEY: 'secret-of-the-house' } })
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(async () => {
  await warRoom.stop()
  await model.close()
})
await seedStatistics(warRoom.product.mysql.url)

/** Creates an administrator, signs them in, and opens a tab of the pages for administrators. */
async function openAdminPage(name: string, tab: string): Promise<Visitor> {
  await warRoom.createUser(name, 'admin')
  const visitor = await visit(warRoom.browser, warRoom.proxy.url)
  await signIn(visitor.page, name, PASSWORD)
  await visitor.page.locator('a[href="#/users"]').click()
  await visitor.page.locator(`.admin nav a[href="#/${tab}"]`).click()
  return visitor
}

/** Checks that axe finds no violation in both themes and languages, on a wide and on a narrow screen. */
async function checkAccessibility(t: Test, page: Page): Promise<void> {
  const expectNoViolations = async (look: string) => t.same(await listViolations(page), [], look)
  await expectNoViolations('English, dark')
  await page.locator('[aria-label="Light theme"]').click()
  await expectNoViolations('English, light')
  await switchToChinese(page)
  await expectNoViolations('Chinese, light')
  await page.locator('[aria-label="深色主题"]').click()
  await expectNoViolations('Chinese, dark')
  await page.setViewportSize({ width: 360, height: 740 })
  await expectNoViolations('360 px')
  t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), 'nothing is wider than the screen')
}

t.test('[ROOM22] the charts of analytics can be read by mouse, by keys and with a screen reader', async (t) => {
  const { page, context, errors, externalRequests } = await openAdminPage('root-a', 'analytics')
  const getChart = (title: string) => page.locator('.chart', { hasText: title })
  await getChart('Volume').locator('rect.fill').first().waitFor()
  t.equal(await page.locator('.chart').count(), 7)
  t.match(await page.locator('.tiles').innerText(), /Satisfaction[\s\S]*\d+%[\s\S]*share of thumbs up/)
  t.match(
    await getChart('Completion and').innerText(),
    /which share ended as an answer, and which share the asker cancelled/,
  )

  const daySlider = getChart('Volume').locator('input[type=range]')
  await daySlider.focus()
  const readValueText = async () => (await daySlider.getAttribute('aria-valuetext')) ?? ''
  const lastDayText = await readValueText()
  t.match(lastDayText, /^\d+ \w+; Answered: \d+; Cancelled: \d+; Failed: \d+; Unfinished: /)
  await page.keyboard.press('ArrowLeft')
  t.not(await readValueText(), lastDayText)
  const [dayInTip] = (await getChart('Volume').locator('.tip').innerText()).split('\n')
  const [dayInValueText] = (await readValueText()).split(';')
  t.equal(dayInTip, dayInValueText)
  await getChart('Answer time').locator('.plot').hover()
  t.match(await getChart('Answer time').locator('.tip').innerText(), /Median \(p50\)\s*[\d.]+ s/)

  await getChart('Volume').locator('summary').click()
  t.equal(await getChart('Volume').locator('tbody tr').count(), 30)
  await getChart('Volume').locator('summary').click()
  await page.locator('.choices button', { hasText: '7 days' }).click()
  // The slider of seven days counts from 0.
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>('.day-slider')?.max === '6')
  const valueOfAllModels = await page.locator('.tiles .value').first().innerText()
  await page.locator('.choices select').selectOption({ label: 'qwen3:8b' })
  t.not(await page.locator('.tiles .value').first().innerText(), valueOfAllModels)
  t.equal(await page.locator('.by-model').count(), 0, 'there is no comparison for one model')
  await page.locator('.choices select').selectOption({ label: 'All models' })
  t.equal(await page.locator('.by-model tbody tr').count(), 2)
  await checkAccessibility(t, page)
  t.same([errors, externalRequests], [[], []])
  await context.close()
})

t.test('[ROOM23] the models page shows rules, fallbacks and counters, but no host and no key', async (t) => {
  const { page, context, errors } = await openAdminPage('root-m', 'models')
  const card = page.locator('.model-card', { hasText: 'deepseek-v3' })
  await card.locator('.plot rect.fill').first().waitFor()
  t.match(await page.locator('.routing li').allInnerTexts(), [
    'severity critical or high and mentions ransomware or 勒索 → deepseek-v3',
    'Everything else → house',
  ])
  t.match(await card.innerText(), /If it fails: house → offline[\s\S]*65,536 tokens[\s\S]*0.27 in, 1.1 out/)
  t.match(await card.innerText(), /Limits[^\n]*\s+10 calls at once · 90,000 tokens a minute/)
  t.match(await page.locator('.model-card', { hasText: 'qwen3:8b' }).innerText(), /Limits[^\n]*\s+none/)
  t.match(await card.locator('.used').innerText(), /Calls\s*\d[\s\S]*failed\s*\d+ \(\d+%\)[\s\S]*Cost\s*\d+\.\d\d/)
  t.notMatch(await page.content(), /inside\.example|HOUSE_KEY|secret-of/)
  await checkAccessibility(t, page)
  t.same(errors, [])
  await context.close()
})

t.test('[ROOM24] flagged replies are listed, shown as plain text and judged; private ones show no text', async (t) => {
  const hostileText = '![p](https://evil.example/p.png?d=1) <img src=x onerror="window.pwned = 1">'
  model.sendReasoning('room-words', '![q](https://evil.example/q.png)')
  for (const [user, visibility] of [
    [warRoom.alice, 'room'],
    [warRoom.bob, 'private'],
  ] as const) {
    const { body } = await user.ask(warRoom.getApiUrl(0), warRoom.event_id, `${visibility}-words ${hostileText}`, {
      visibility,
    })
    await user.waitForReply(warRoom.getApiUrl(0), body)
  }
  const { page, context, errors, externalRequests } = await openAdminPage('root-f', 'flagged')
  const getFlaggedReply = (text: string) => page.locator('.flagged-item', { hasText: text })
  await getFlaggedReply('Private').waitFor()
  t.match(await getFlaggedReply('Private').innerText(), /Remote image 1 ×[\s\S]*findings are shown without the text/)
  t.equal(await getFlaggedReply('Private').locator('code, details, a').count(), 0)
  const sharedReply = getFlaggedReply('Shared with the room')
  t.match(await sharedReply.locator('.hit').allInnerTexts(), [
    /^Remote image 1 ×$/,
    /HTML/,
    'Remote image 1 × in what the model thought',
  ])
  await sharedReply.locator('summary').click()
  t.match(await sharedReply.locator('.source').innerText(), /room-words/)
  t.notMatch(await page.locator('.flagged').innerText(), 'private-words')
  t.equal(await sharedReply.locator('.source *').count(), 0, 'the answer is shown as plain text')
  t.equal(await page.evaluate(() => 'pwned' in window), false)
  await checkAccessibility(t, page)
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.locator('.account [aria-label="English"]').click()

  await sharedReply.locator('input').fill('their logo')
  await sharedReply.locator('button', { hasText: 'Harmless' }).click()
  await sharedReply.locator('.judged.harmless').waitFor()
  await page.locator('.choices select').first().selectOption({ label: 'Harmful' })
  await page.locator('.flagged', { hasText: 'Nothing matches these filters.' }).waitFor()
  await page.locator('.choices select').first().selectOption({ label: 'Harmless' })
  await sharedReply.waitFor()
  t.equal(await sharedReply.locator('input').inputValue(), 'their logo')
  t.equal(await page.locator('.flagged-item').count(), 1)
  await page.locator('.choices select').nth(1).selectOption({ label: 'Secret in a link' })
  await sharedReply.waitFor({ state: 'detached' })
  t.same([errors, externalRequests], [[], []])
  await context.close()
})

t.test('[ROOM22] other users neither see nor request the pages for administrators', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('nosy')
  const requestedUrls: string[] = []
  page.on('request', (request) => requestedUrls.push(request.url()))
  await page.goto(`${warRoom.proxy.url}/#/analytics`)
  await page.locator('.admin', { hasText: 'Only administrators see this.' }).waitFor()
  t.same(
    requestedUrls.filter((url) => url.includes('/api/admin')),
    [],
  )
  await context.close()
})

t.test('[ROOM18] an administrator sees why the users could not be loaded, and loads them again', async (t) => {
  const { page, context } = await openAdminPage('root-u', 'users')
  const userLists = /\/api\/users\?/
  await page.route(userLists, (route) => route.abort())
  await page.reload()
  const alert = page.locator('.admin [role=alert]', { hasText: 'can’t be reached' })
  await alert.waitFor()
  t.notMatch(await page.locator('.admin').innerText(), 'Only administrators')
  await page.unroute(userLists)
  await alert.locator('button', { hasText: 'Try again' }).click()
  await page.locator('.user', { hasText: 'root-u' }).waitFor()
  t.equal(await page.locator('.admin [role=alert]').count(), 0)
  await context.close()
})

t.test('[ROOM18] a dialog that is opened while a user’s new role is stored stays open', async (t) => {
  await warRoom.createUser('una')
  const { page, context } = await openAdminPage('root-d', 'users')
  const change = Promise.withResolvers<Route>()
  await page.route(/\/api\/users\/[^?]+$/, change.resolve)
  const role = page.locator('.user', { hasText: 'una' }).locator('select')
  await role.selectOption('agent')
  const request = await change.promise
  await page.locator('.account .me').click()
  await page.locator('#account-menu button', { hasText: 'Change password' }).click()
  await page.locator('dialog[open]').waitFor()
  await request.continue()
  await page.locator('.user', { hasText: 'una' }).locator('select:enabled').waitFor()
  t.equal(await page.locator('dialog[open]').count(), 1)
  await context.close()
})

t.test('[ROOM54] statistics are at most a minute old, and show when they were counted', async (t) => {
  const { page, context } = await openAdminPage('root-g', 'models')
  await page.locator('.counted', { hasText: /Counted at .*\d:\d\d:\d\d/ }).waitFor()
  await page.clock.install()
  for (const tab of ['models', 'analytics']) {
    await page.goto(`${warRoom.proxy.url}/#/${tab}`)
    await page.reload()
    await page.locator('.counted', { hasText: 'Counted at' }).waitFor()
    const nextResponse = page.waitForResponse(/\/api\/admin\/analytics/)
    await page.clock.fastForward(30_000) // The page loads statistics again every 25 s (REFRESH_INTERVAL_MS).
    t.equal((await nextResponse).status(), 200, `${tab} is loaded again`)
  }
  await context.close()
})
