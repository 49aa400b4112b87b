import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { findChromium } from './chromium.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream', // The fake microphone produces a beep.
]

/** A test file starts several servers and a browser, which takes minutes on a busy machine. */
export const TEST_FILE_TIMEOUT_MS = 480_000

/** A step of a page takes half a second, and up to 25 s on a busy machine. */
const STEP_TIMEOUT_MS = 60_000

export async function startBrowser(): Promise<Browser> {
  const executablePath = await findChromium()
  if (!existsSync(executablePath)) throw new Error(`There is no browser at ${executablePath}.`)
  return chromium.launch({ executablePath, headless: true, args: FLAGS })
}

export interface Visitor {
  page: Page
  context: BrowserContext
  /** Collects requests to other hosts than the product; a test expects none. */
  externalRequests: string[]
  /** Collects errors that the page's scripts threw or wrote to the console. */
  errors: string[]
}

/** Opens the page in a new browser context, without cookies and storage. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Asia/Shanghai',
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    ...options,
  })
  context.setDefaultTimeout(STEP_TIMEOUT_MS)
  const page = await context.newPage()
  const externalRequests: string[] = []
  const errors: string[] = []
  context.on('request', (request) => {
    const isInternal = [url, `blob:${url}`, 'data:'].some((prefix) => request.url().startsWith(prefix))
    if (!isInternal) externalRequests.push(request.url())
  })
  page.on('pageerror', (error) => errors.push(`${error}`))
  page.on('console', (message) => {
    // The browser writes such a line for each response with an error status, and many tests expect one.
    const isFailedResponse = message.text().includes('Failed to load resource')
    if (message.type() === 'error' && !isFailedResponse) errors.push(message.text())
  })
  await page.goto(url)
  return { page, context, externalRequests, errors }
}

export async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.locator('input[name=username]').fill(username)
  await page.locator('input[name=password]').fill(password)
  await page.locator('button[type=submit]').click()
  await page.locator('.sidebar').waitFor()
}

export const getComposer = (page: Page) => page.locator('.composer textarea')

export async function goToRoom(page: Page, url: string, event_id: string): Promise<void> {
  await page.goto(`${url}/#/events/${event_id}`)
  await page.locator('.message, .event-report').first().waitFor()
}

export const getRecipient = (page: Page) => page.locator('.composer .recipient select')

/** Clears the message box and chooses the room as the recipient, because the AI stays the recipient after a question. */
export async function writeToRoom(page: Page): Promise<void> {
  await getComposer(page).fill('')
  await getRecipient(page).selectOption('room')
}

/** Sends a text to the AI if it begins with a mention or a command, otherwise to the room. */
export async function sendText(page: Page, text: string): Promise<void> {
  if (!/^[@＠/／]/.test(text)) await writeToRoom(page)
  await getComposer(page).fill(text)
  await getComposer(page).press('Enter')
}

/**
 * Does what leads to a message with this text, and waits until the page has jumped there. The page highlights the message
 * for 2.5 s only, so the wait begins before the action.
 */
export async function jumpTo(page: Page, text: string, act: () => Promise<unknown>): Promise<void> {
  await Promise.all([page.locator('.message.jump-target', { hasText: text }).waitFor(), act()])
}

/** Waits until the only answer of the AI on the page has ended. Its line of facts appears then. */
export const waitForAnswerEnd = (page: Page): Promise<void> => page.locator('.message[data-kind=ai] .facts').waitFor()

/** Switches the page to Chinese. Resolves when the Chinese texts have loaded and are shown. */
export async function switchToChinese(page: Page): Promise<void> {
  await page.locator('.account [aria-label="中文"]').click()
  await page.locator('html[lang=zh-CN]').waitFor({ state: 'attached' })
}

/** Saves a picture of the page if a developer has named a folder in SCREENSHOTS. */
export async function saveScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}
