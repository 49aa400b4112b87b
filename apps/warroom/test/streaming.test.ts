import { createSeededRandom } from '@engineer-chat/chat/testing'
import type { Page } from 'playwright-core'
import t from 'tap'
import { getComposer, sendText } from '../testing/browser.ts'
import { computeP95, measureBestP95, measureKeyTimes } from '../testing/key-times.ts'
import { openWarRoom } from '../testing/war-room.ts'

/** A slow machine still measures keys when a faster one has long been done, so the answer lasts 90 s. */
const ANSWER_CHARACTERS = 180_000
const SLOWDOWN = 4
const MAX_KEY_MS = 100
const MAX_OF_IDLE = 1.5
const MEASURED_FROM_CHARACTERS = 20_000
const TYPED = 'what do we know about the hosts in finance and the shares on them?'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

const chance = createSeededRandom(5)
const word = () =>
  `${chance.pick(['host', 'log', 'share', '主机', 'proxy', 'alert'])}-${Math.floor(chance.next() * 90_000)}`
const words = (count: number) => Array.from({ length: count }, word).join(' ')
const lines = (count: number, line: () => string) => `${Array.from({ length: count }, line).join('\n')}\n`

/** The blocks differ in their words, because a model that repeats itself is stopped. */
const BLOCKS = [
  () => `## ${words(4)}\n`,
  () => `**${word()}** ${words(50)} \`${word()}\`.\n`,
  () => lines(14, () => `- ${words(9)} **${word()}**`),
  () => `| a | b | c |\n|---|---|---|\n${lines(12, () => `| ${words(2)} | ${word()} | 10.2.3.4 |`)}`,
  () => `\`\`\`sh\n${lines(8, () => words(6))}\`\`\`\n`,
]

function createLongAnswer(): string {
  let text = ''
  while (text.length < ANSWER_CHARACTERS) text += `${chance.pick(BLOCKS)()}\n`
  return text
}

const isWritten = (characters: number): boolean =>
  (document.querySelector('.thinking .prose')?.textContent ?? '').length >= characters

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
}

t.test('[ROOM42] keys are painted while a long answer is written on a slow machine, and Stop works', async (t) => {
  const { page, context, errors } = await room.openAsEngineer('ada')
  await slowDown(page)
  await measureKeyTimes(page, TYPED, 25) // The first keys pay for what runs only once.
  const idle = computeP95(await measureKeyTimes(page, TYPED, 25))
  await getComposer(page).fill('')
  room.model.streamText('long-q', createLongAnswer(), { pieceCharacters: 300, pauseMs: 150, isEndless: true })
  await sendText(page, '@AI long-q')
  await page.waitForFunction(isWritten, MEASURED_FROM_CHARACTERS, { polling: 500 })
  const limit = Math.max(MAX_KEY_MS, MAX_OF_IDLE * idle)
  const busy = await measureBestP95(page, limit, TYPED, 50)
  t.ok(await page.locator('.thinking').isVisible(), 'the answer is still written')
  t.comment(`a key: ${idle.toFixed(0)} ms idle, ${busy.toFixed(0)} ms while a long answer is written (p95)`)
  t.ok(busy < limit, `${busy.toFixed(0)} ms, ${idle.toFixed(0)} ms idle`)

  const pressed = await page.evaluate(() => performance.now())
  await page.locator('.thinking .stop').click()
  await page.locator('.message[data-kind=ai] .ending').waitFor()
  t.comment(`stopped in ${(await page.evaluate(() => performance.now())) - pressed} ms`)
  t.same(errors, [])
  await context.close()
})
