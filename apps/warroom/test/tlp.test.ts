import type { Page } from 'playwright-core'
import t from 'tap'
import { getComposer, getRecipient, sendText, switchToChinese } from '../testing/browser.ts'
import { startVoiceEndpoint } from '../testing/voice-endpoint.ts'
import { openWarRoom } from '../testing/war-room.ts'

const endpoint = await startVoiceEndpoint('isolate the host')
const voice = { VOICE_BASE_URL: endpoint.url, VOICE_TRANSCRIPTION_MODEL: 'whisper-1' }
const room = await openWarRoom({ env: { ...voice, LLM_FALLBACK: 'none' } })
t.setTimeout(240_000)
t.teardown(async () => {
  await room.stop()
  await endpoint.close()
})

const note = (page: Page, text: string) => page.locator('.composer .limit', { hasText: text })
const sendButton = (page: Page) => page.locator('.composer .send')
const microphone = (page: Page) => page.locator('.dictate')

t.test('[TLP9] a red room says why the AI can’t be asked, in both languages, until its label is lowered', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const setTlp = (tlp: string) => room.alice.call(room.getApiUrl(0), 'PATCH', `/api/events/${event_id}`, { tlp })
  const { page, context, errors } = await room.openAsEngineer('rhea', event_id)
  await microphone(page).waitFor()
  await getRecipient(page).selectOption('private')
  await getComposer(page).fill('who was it?')
  await setTlp('red')

  await note(page, 'no model inside is set up').waitFor()
  t.equal(await sendButton(page).isDisabled(), true)
  await getComposer(page).press('Enter')
  t.equal(await getComposer(page).inputValue(), 'who was it?', 'the text stays')
  await microphone(page).waitFor({ state: 'detached' })
  await getRecipient(page).selectOption('room')
  t.equal(await sendButton(page).isEnabled(), true, 'people can be told')
  await getRecipient(page).selectOption('private')
  await switchToChinese(page)
  await note(page, '未配置内部模型').waitFor()

  await setTlp('amber')
  await note(page, '未配置内部模型').waitFor({ state: 'detached' })
  await sendText(page, '@AI who was it?')
  await page.locator('.message[data-kind=ai]', { hasText: 'who was it?' }).waitFor()
  t.same(errors, [])
  await context.close()
})
