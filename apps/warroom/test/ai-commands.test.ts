import { AI_COMMANDS } from '@engineer-chat/protocol'
import t from 'tap'
import { getComposer, getRecipient, switchToChinese, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

t.test('[ROOM40] the menu offers each command of the AI by its word in either language', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('ada')
  const commandLabels = page.locator('.suggestions strong')
  await getComposer(page).fill('/')
  await commandLabels.first().waitFor()
  const offeredCommands = await commandLabels.allInnerTexts()
  t.same(
    offeredCommands.slice(0, AI_COMMANDS.length),
    AI_COMMANDS.map(({ name }) => `/${name}`),
  )

  await getComposer(page).fill('/总')
  await page.locator('.suggestions', { hasText: '/summary' }).waitFor()
  await page.keyboard.press('Enter')
  t.equal(await getComposer(page).inputValue(), '/summary ')

  await getComposer(page).fill('@AI /')
  await commandLabels.first().waitFor()
  t.equal(await commandLabels.count(), AI_COMMANDS.length, 'after the mention the menu offers no command of the page')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  t.equal(await getComposer(page).inputValue(), '@AI /catchup ')

  for (const [typed, completion] of [
    ['／ｃａｔ', '/catchup '],
    ['＠ＡＩ　／近', '＠ＡＩ　/catchup '],
    ['＠ａｄｍ', '@admin '],
  ] as const) {
    await getComposer(page).fill(typed)
    await commandLabels.first().waitFor()
    await page.keyboard.press('Tab')
    t.equal(await getComposer(page).inputValue(), completion, typed)
  }
  await context.close()
})

t.test('[ROOM4] a mention is completed before a line break, and Enter after a complete one sends', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('dan', event_id)
  const suggestions = page.locator('.suggestions')
  await getRecipient(page).selectOption('room')
  await getComposer(page).fill('please check \n- FS-01')
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('End')
  await page.keyboard.type('@ali')
  await suggestions.filter({ hasText: '@alice' }).waitFor()
  await page.keyboard.press('Enter')
  await suggestions.waitFor({ state: 'detached' })
  t.equal(await getComposer(page).inputValue(), 'please check @alice\n- FS-01')
  await page.keyboard.press('Enter')
  await page.locator('.message.room', { hasText: 'FS-01' }).waitFor()

  await getComposer(page).fill('看一下')
  await page.keyboard.press('Control+Home')
  await page.keyboard.type('@alice')
  await suggestions.filter({ hasText: '@alice' }).waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.message.room', { hasText: '@alice看一下' }).waitFor()
  await context.close()
})

t.test('[ROOM40] a command of the AI that is chosen in the palette is put before the draft', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('bea')
  await getComposer(page).fill('the night shift')
  await page.keyboard.press('Control+k')
  await page.locator('.palette input').fill('/handover')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.matches('.composer textarea'))
  t.equal(await getComposer(page).inputValue(), '/handover the night shift')
  await context.close()
})

t.test('[ROOM40] the help lists each command of the AI in the reader’s language', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('cyd')
  await switchToChinese(page)
  await getComposer(page).fill('/help')
  await page.keyboard.press('Enter')
  await page.locator('.keys kbd').first().waitFor()
  const listedCommands = await page.locator('.keys kbd').allInnerTexts()
  for (const { chineseName } of AI_COMMANDS) t.ok(listedCommands.includes(`/${chineseName}`), chineseName)
  await context.close()
})
