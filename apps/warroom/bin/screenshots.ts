import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readCommandLine } from '@engineer-chat/process/commands'
import type { Browser, Page } from 'playwright-core'
import { getComposer, goToRoom, sendText, signIn, startBrowser, visit } from '../testing/browser.ts'
import { seedStatistics } from '../testing/statistics.ts'
import { PASSWORD, startWarRoom } from '../testing/war-room.ts'
import { type Demo, startDemo } from './demo.ts'

const FOLDER = join(import.meta.dirname, '../../../docs/screenshots')
/** The list is scrolled until a question is at least MIN_QUESTION_TOP_PX below the page's top. A step aims a bit lower. */
const MIN_QUESTION_TOP_PX = 200
const AIMED_QUESTION_TOP_PX = 260

/** The endpoints do not exist, because nobody asks these models a question. */
const MODELS = {
  default: 'house',
  models: [
    {
      id: 'deepseek-v3',
      provider: 'openai-compatible',
      endpoint: 'https://api.deepseek.example/v1',
      context_window: 65_536,
      prices: { prompt: 0.27, completion: 1.1 },
      fallbacks: ['house', 'offline'],
      choose_for: [{ severity: ['critical', 'high'], words: ['ransomware', '勒索'] }],
    },
    {
      id: 'house',
      provider: 'openai-compatible',
      endpoint: 'http://127.0.0.1:9/v1',
      model: 'qwen3:8b',
      context_window: 32_768,
      fallbacks: ['offline'],
    },
  ],
}

readCommandLine('screenshots') // Prints the usage and exits if the command line is wrong or asks for help.

// The rooms come from a separate instance of the product with the demo and the offline analyst.
mkdirSync(FOLDER, { recursive: true })
const [demo, browser] = await Promise.all([startDemo(), startBrowser()])
try {
  await showEnglishRoom(browser, demo)
  await showChineseRoom(browser, demo)
} finally {
  await browser.close()
  await demo.stop()
}
await showAdminPages()

async function showEnglishRoom(browser: Browser, demo: Demo): Promise<void> {
  const page = await enterDemoRoom(browser, demo, 'alice', 'en-GB')
  await ask(page, '@AI What should we contain first?')
  await takeScreenshot(page, 'room-dark')
  await page.locator('[aria-label="Light theme"]').click()
  await takeScreenshot(page, 'room-light')
  await pinEvidence(page)
  await takeScreenshot(page, 'evidence')
  await showDocument(page, demo)
}

async function showDocument(page: Page, demo: Demo): Promise<void> {
  await page.goto(`${demo.url}/#/documents`)
  await page.locator('.document-list a', { hasText: 'beacon on a workstation' }).click()
  await page.locator('.document .prose h3').first().waitFor()
  await page.mouse.move(0, 0)
  await takeScreenshot(page, 'documents')
}

async function pinEvidence(page: Page): Promise<void> {
  await page.locator('.details [role=tab]', { hasText: 'Evidence' }).click()
  await page.keyboard.press('Control+f')
  for (const words of ['Mail gateway', 'is called by', 'a web shell']) {
    await page.locator('.search input').fill(words)
    await page
      .locator('.search li button', { has: page.locator('mark', { hasText: words }) })
      .first()
      .click()
    const message = page.locator('.message.jump-target', { hasText: words })
    await message.scrollIntoViewIfNeeded() // The page unfolds a message that the search has found.
    await message.hover()
    await message.locator('[aria-label="Pin as evidence"]').click()
    await page.locator('.evidence-item', { hasText: words }).waitFor()
  }
  await page.keyboard.press('Escape')
  await page.locator('.toast .icon-only').click()
  await page.locator('.message.jump-target').waitFor({ state: 'detached' })
  await page.mouse.move(0, 0)
}

async function showChineseRoom(browser: Browser, demo: Demo): Promise<void> {
  const page = await enterDemoRoom(browser, demo, 'bob', 'zh-CN')
  await page.locator('a.event', { hasText: '门户网站' }).click()
  await page.locator('.message').first().waitFor()
  await ask(page, '@AI 我们应该先遏制什么？')
  await takeScreenshot(page, 'room-zh')
  await page.setViewportSize({ width: 360, height: 740 })
  await page.locator('.details [aria-label="关闭"]').click()
  await getComposer(page).fill('@AI 还有哪些主机受影响？')
  await takeScreenshot(page, 'phone-zh')
}

/** Shows the pages of administrators in another instance, with two models and a month of statistics. */
async function showAdminPages(): Promise<void> {
  const modelsFile = join(mkdtempSync(join(tmpdir(), 'engineer-chat-models-')), 'models.json')
  writeFileSync(modelsFile, JSON.stringify(MODELS))
  const warRoom = await startWarRoom({ env: { LLM_BASE_URL: '', LLM_MODELS_FILE: modelsFile } })
  try {
    await seedStatistics(warRoom.product.mysql.url)
    await warRoom.createUser('grace', 'admin')
    const { page } = await visit(warRoom.browser, warRoom.proxy.url, { viewport: { width: 1360, height: 820 } })
    await signIn(page, 'grace', PASSWORD)
    await page.goto(`${warRoom.proxy.url}/#/analytics`)
    await page.locator('.plot').first().hover()
    await takeScreenshot(page, 'analytics-dark')
    await page.locator('[aria-label="Light theme"]').click()
    await page.goto(`${warRoom.proxy.url}/#/models`)
    await page.locator('.model-card .plot').first().waitFor()
    await page.mouse.move(0, 0)
    await takeScreenshot(page, 'models-light')
  } finally {
    await warRoom.stop()
    rmSync(dirname(modelsFile), { recursive: true })
  }
}

async function enterDemoRoom(browser: Browser, demo: Demo, username: string, locale: string): Promise<Page> {
  const { page } = await visit(browser, demo.url, { viewport: { width: 1360, height: 820 }, locale })
  await signIn(page, username, demo.getPassword(username))
  await goToRoom(page, demo.url, demo.event_id)
  return page
}

async function ask(page: Page, text: string): Promise<void> {
  await sendText(page, text)
  await page.locator('.message.own[data-kind=ai] .facts').waitFor()
  await scrollToQuestion(page)
}

/**
 * Scrolls back until the question is near the top, because the list has followed a long answer to its end. The list
 * renders only the rows in view, so the question has no box until it is near.
 */
async function scrollToQuestion(page: Page): Promise<void> {
  const question = page.locator('.message.own.engineer_chat[data-kind=person]').last()
  await page.locator('.rows').hover()
  for (let tries = 0; tries < 20; tries += 1) {
    const box = (await question.count()) > 0 ? await question.boundingBox() : null
    if (box && box.y > MIN_QUESTION_TOP_PX) break
    await page.mouse.wheel(0, box ? box.y - AIMED_QUESTION_TOP_PX : -500)
    await page.evaluate(() => new Promise(requestAnimationFrame)) // The list moves in the next frame.
  }
  await page.mouse.move(0, 0)
}

async function takeScreenshot(page: Page, name: string): Promise<void> {
  const path = join(FOLDER, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
  console.log(`docs/screenshots/${name}.png (${Math.round(statSync(path).size / 1_024)} KiB)`)
}
