import { createSeededRandom } from '@engineer-chat/chat/testing'
import type { Page } from 'playwright-core'
import t from 'tap'
import { getComposer, sendText, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { computeP95, measureBestP95, measureKeyTimes } from '../testing/key-times.ts'
import { startWarRoom } from '../testing/war-room.ts'

/** The model sends the answer in 150 s, so that a slow machine can measure all keys while it is written. */
const ANSWER_CHARACTERS = 180_000
/** 300 characters each 250 ms are 180,000 characters in 150 s. */
const PACE = { deltaCharacters: 300, pauseMs: 250, isEndless: true }
const CPU_SLOWDOWN = 4
const MAX_KEY_MS = 100
const MAX_RATIO_TO_IDLE = 1.5
/** The measurement begins when the answer has this length. */
const MEASURED_FROM_CHARACTERS = 20_000
/** The pause between two keys in an empty room. */
const IDLE_KEY_DELAY_MS = 25
/** The pause between two keys while the answer is written. */
const BUSY_KEY_DELAY_MS = 50
const TYPED_TEXT = 'what do we know about the hosts in finance and the shares on them?'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const random = createSeededRandom(5)
const createWord = () =>
  `${random.pick(['host', 'log', 'share', '主机', 'proxy', 'alert'])}-${Math.floor(random.next() * 90_000)}`
const createWords = (count: number) => Array.from({ length: count }, createWord).join(' ')
const createLines = (count: number, createLine: () => string) =>
  `${Array.from({ length: count }, createLine).join('\n')}\n`

/** Each block has other random words, because the worker stops a model that repeats itself. */
const BLOCKS = [
  () => `## ${createWords(4)}\n`,
  () => `**${createWord()}** ${createWords(50)} \`${createWord()}\`.\n`,
  () => createLines(14, () => `- ${createWords(9)} **${createWord()}**`),
  () => `| a | b | c |\n|---|---|---|\n${createLines(12, () => `| ${createWords(2)} | ${createWord()} | 10.2.3.4 |`)}`,
  () => `\`\`\`sh\n${createLines(8, () => createWords(6))}\`\`\`\n`,
]

function createLongAnswer(): string {
  let text = ''
  while (text.length < ANSWER_CHARACTERS) text += `${random.pick(BLOCKS)()}\n`
  return text
}

/** Runs in the page: returns true if the unfinished answer has at least this length. */
const isWritten = (characters: number): boolean =>
  (document.querySelector('.thinking .prose')?.textContent ?? '').length >= characters

async function throttleCpu(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
}

t.test('[ROOM42] typed keys appear while a long answer is written on a slow machine, and Stop works', async (t) => {
  const { page, context, errors } = await warRoom.openAsEngineer('ada')
  await throttleCpu(page)
  // This result is not used: the first keys are slower, because some code runs only once.
  await measureKeyTimes(page, TYPED_TEXT, IDLE_KEY_DELAY_MS)
  const idleP95Ms = computeP95(await measureKeyTimes(page, TYPED_TEXT, IDLE_KEY_DELAY_MS))
  await getComposer(page).fill('')
  warRoom.model.streamText('long-q', createLongAnswer(), PACE)
  await sendText(page, '@AI long-q')
  await page.waitForFunction(isWritten, MEASURED_FROM_CHARACTERS, { polling: 500 })
  const limitMs = Math.max(MAX_KEY_MS, MAX_RATIO_TO_IDLE * idleP95Ms)
  const busyP95Ms = await measureBestP95(page, limitMs, TYPED_TEXT, BUSY_KEY_DELAY_MS)
  t.ok(await page.locator('.thinking').isVisible(), 'the answer is still written')
  t.comment(`a key: ${idleP95Ms.toFixed(0)} ms idle, ${busyP95Ms.toFixed(0)} ms while a long answer is written (p95)`)
  t.ok(busyP95Ms < limitMs, `${busyP95Ms.toFixed(0)} ms, ${idleP95Ms.toFixed(0)} ms idle`)

  const stoppedAtMs = await page.evaluate(() => performance.now())
  await page.locator('.thinking .stop').press('Enter') // The growing text moves the button away from a pointer.
  await page.locator('.message[data-kind=ai] .ending').waitFor({ timeout: 60_000 })
  t.comment(`stopped in ${(await page.evaluate(() => performance.now())) - stoppedAtMs} ms`)
  t.same(errors, [])
  await context.close()
})
