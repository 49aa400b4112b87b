import { readFileSync } from 'node:fs'
import { createSeededRandom } from '@engineer-chat/chat/testing'
import type { Message } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { enterRoom, getComposer, signIn, switchToChinese, visit } from '../testing/browser.ts'
import type { DisplayCase } from '../testing/display-case.ts'
import { openWarRoom, PASSWORD } from '../testing/war-room.ts'

const CASES: DisplayCase[] = JSON.parse(readFileSync(new URL('./fixtures/display.json', import.meta.url), 'utf8'))

const room = await openWarRoom({ env: { ENGINEER_CHAT_MAX_ROUNDS: '50' } })
t.setTimeout(240_000)
t.teardown(() => room.stop())

const post = async (body: object): Promise<string> => {
  const by = 'message_from' in body ? room.admin : room.alice
  const answer = await by.call<Message>(room.getApiUrl(0), 'POST', `/api/events/${room.event_id}/messages`, body)
  return answer.body.message_id
}

/** Writes a case as its author does, and returns where the page shows it. */
async function write(page: Page, { name, written_by, text }: DisplayCase): Promise<string> {
  if (written_by === 'person') return `#m-${await post({ message: text })} .prose`
  if (written_by !== 'ai') return `#m-${await post({ ...FINDING, message_content: text })} .prose`
  await getComposer(page).fill(`@AI ${name}\n\n${text}`)
  await getComposer(page).press('Enter')
  // The model answers with the words of the question.
  const answer = page.locator('.message[data-kind=ai]', { hasText: name })
  await answer.locator('.facts').waitFor()
  return `#${await answer.getAttribute('id')} .prose`
}

const FINDING = { message_from: '_expert', message_type: 'command_result', round_id: 1 }

async function readText(page: Page, place: string): Promise<string> {
  await page.locator(place).waitFor()
  return page.locator(place).innerText()
}

t.test(
  '[ROOM41] each character of what was written is seen where it stands, in both themes and languages',
  async (t) => {
    const dark = await room.openAsEngineer('ada')
    const light = await visit(room.browser, room.front.url)
    await signIn(light.page, 'ada', PASSWORD)
    await enterRoom(light.page, room.front.url, room.event_id)
    await light.page.locator('[aria-label="Light theme"]').click()
    await switchToChinese(light.page)
    for (const one of CASES) {
      const place = await write(dark.page, one)
      for (const { page } of [dark, light]) {
        const seen = await readText(page, place)
        for (const words of one.must_be_seen) t.ok(seen.includes(words), `${one.name}: ${words} in ${seen}`)
        for (const words of one.must_not_be_seen ?? [])
          t.notOk(seen.includes(words), `${one.name}: ${words} in ${seen}`)
      }
    }
    t.equal(CASES.length, 29)
    t.same([await listViolations(dark.page), await listViolations(light.page)], [[], []])
    t.same([dark.errors, light.errors], [[], []])
    await Promise.all([dark.context.close(), light.context.close()])
  },
)

t.test('[ROOM41] data without code is shown character by character', async (t) => {
  const { page, context } = await room.openAsEngineer('bea')
  const chance = createSeededRandom(13)
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
    const text = `x${Array.from({ length: 120 }, () => chance.pick(characters)).join('')}y`
    const id = await post(round % 2 === 0 ? { message: text } : { ...FINDING, message_content: text })
    t.equal(await readText(page, `#m-${id} .text`), text)
  }
  await context.close()
})
