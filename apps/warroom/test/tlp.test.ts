import type { Page } from 'playwright-core'
import t from 'tap'
import { getComposer, getRecipient, sendText, switchToChinese, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { startVoiceEndpoint } from '../testing/voice-endpoint.ts'
import { startWarRoom } from '../testing/war-room.ts'

const endpoint = await startVoiceEndpoint('isolate the host')
const voice = { VOICE_BASE_URL: endpoint.url, VOICE_TRANSCRIPTION_MODEL: 'whisper-1' }
const warRoom = await startWarRoom({ env: { ...voice, LLM_FALLBACK: 'none' } })
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(async () => {
  await warRoom.stop()
  await endpoint.close()
})

const getNote = (page: Page, text: string) => page.locator('.composer .limit', { hasText: text })
const getSendButton = (page: Page) => page.locator('.composer .send')
const getMicrophone = (page: Page) => page.locator('.dictate')

t.test('[TLP9] a red room says why the AI can’t be asked, in both languages, until its label is lowered', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const setTlp = (tlp: string) => warRoom.alice.call(warRoom.getApiUrl(0), 'PATCH', `/api/events/${event_id}`, { tlp })
  const { page, context, errors } = await warRoom.openAsEngineer('rhea', event_id)
  await getMicrophone(page).waitFor()
  await getRecipient(page).selectOption('private')
  await getComposer(page).fill('who was it?')
  await setTlp('red')

  await getNote(page, 'no model may read it').waitFor()
  t.equal(await getSendButton(page).isDisabled(), true)
  await getComposer(page).press('Enter')
  t.equal(await getComposer(page).inputValue(), 'who was it?', 'the text stays')
  await getMicrophone(page).waitFor({ state: 'detached' })
  await getRecipient(page).selectOption('room')
  t.equal(await getSendButton(page).isEnabled(), true, 'a message to people can be sent')
  await getRecipient(page).selectOption('private')
  await switchToChinese(page)
  await getNote(page, '未配置内部模型').waitFor()

  await setTlp('amber')
  await getNote(page, '未配置内部模型').waitFor({ state: 'detached' })
  await sendText(page, '@AI who was it?')
  await page.locator('.message[data-kind=ai]', { hasText: 'who was it?' }).waitFor()
  t.same(errors, [])
  await context.close()
})
