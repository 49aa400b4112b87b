import { readFileSync } from 'node:fs'
import { createSeededRandom } from '@engineer-chat/chat/testing'
import type { Message } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { getComposer, goToRoom, signIn, switchToChinese, TEST_FILE_TIMEOUT_MS, visit } from '../testing/browser.ts'
import type { DisplayCase } from '../testing/display-case.ts'
import { PASSWORD, startWarRoom } from '../testing/war-room.ts'

const CASES: DisplayCase[] = JSON.parse(readFileSync(new URL('./fixtures/display.json', import.meta.url), 'utf8'))

// All questions of CASES are asked in one session, which needs more rounds than the default.
const warRoom = await startWarRoom({ env: { ENGINEER_CHAT_MAX_ROUNDS: '50' } })
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

/** Posts a message as an agent if the body names its role, otherwise as alice. Returns the message's id. */
const postMessage = async (body: object): Promise<string> => {
  const author = 'message_from' in body ? warRoom.admin : warRoom.alice
  const response = await author.call<Message>(
    warRoom.getApiUrl(0),
    'POST',
    `/api/events/${warRoom.event_id}/messages`,
    body,
  )
  return response.body.message_id
}

/** Sends the text of a case as its author, and returns the selector of the element that shows it. */
async function writeCase(page: Page, { name, written_by, text }: DisplayCase): Promise<string> {
  if (written_by === 'person') return `#m-${await postMessage({ message: text })} .prose`
  if (written_by !== 'ai') return `#m-${await postMessage({ ...FINDING, message_content: text })} .prose`
  await getComposer(page).fill(`@AI ${name}\n\n${text}`)
  await getComposer(page).press('Enter')
  // The fake model repeats the question in its answer.
  const answer = page.locator('.message[data-kind=ai]', { hasText: name })
  await answer.locator('.facts').waitFor()
  return `#${await answer.getAttribute('id')} .prose`
}

const FINDING = { message_from: '_expert', message_type: 'command_result', round_id: 1 }

async function readText(page: Page, selector: string): Promise<string> {
  await page.locator(selector).waitFor()
  return page.locator(selector).innerText()
}

t.test('[ROOM41] each written character is visible at its place, in both themes and languages', async (t) => {
  const darkVisitor = await warRoom.openAsEngineer('ada')
  const lightVisitor = await visit(warRoom.browser, warRoom.proxy.url)
  await signIn(lightVisitor.page, 'ada', PASSWORD)
  await goToRoom(lightVisitor.page, warRoom.proxy.url, warRoom.event_id)
  await lightVisitor.page.locator('[aria-label="Light theme"]').click()
  await switchToChinese(lightVisitor.page)
  for (const displayCase of CASES) {
    const selector = await writeCase(darkVisitor.page, displayCase)
    for (const { page } of [darkVisitor, lightVisitor]) {
      const shownText = await readText(page, selector)
      for (const words of displayCase.must_be_seen)
        t.ok(shownText.includes(words), `${displayCase.name}: ${words} in ${shownText}`)
      for (const words of displayCase.must_not_be_seen ?? [])
        t.notOk(shownText.includes(words), `${displayCase.name}: ${words} not in ${shownText}`)
    }
  }
  t.equal(CASES.length, 29, 'all cases of the file are tested')
  t.same([await listViolations(darkVisitor.page), await listViolations(lightVisitor.page)], [[], []])
  t.same([darkVisitor.errors, lightVisitor.errors], [[], []])
  await Promise.all([darkVisitor.context.close(), lightVisitor.context.close()])
})

t.test('[ROOM41] data without code is shown character by character', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('bea')
  const random = createSeededRandom(13)
  const characters = [
    ...'aZ7 .,*_~#><&;\\/-+|[]():=!$^{}"\'中文。“”\n\t',
    '    ',
    '&lt;',
    '**',
    '](',
    '\n- ',
    '\n> ',
    '\n---',
  ]
  for (let round = 0; round < 20; round += 1) {
    const text = `x${Array.from({ length: 120 }, () => random.pick(characters)).join('')}y`
    const id = await postMessage(round % 2 === 0 ? { message: text } : { ...FINDING, message_content: text })
    t.equal(await readText(page, `#m-${id} .text`), text)
  }
  await context.close()
})
