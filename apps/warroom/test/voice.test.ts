import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import {
  getComposer,
  goToRoom,
  sendText,
  switchToChinese,
  TEST_FILE_TIMEOUT_MS,
  waitForAnswerEnd,
} from '../testing/browser.ts'
import { startVoiceEndpoint } from '../testing/voice-endpoint.ts'
import { startWarRoom } from '../testing/war-room.ts'

/** A recording ends by itself at this size. */
const MAX_AUDIO_BYTES = 32_000
const endpoint = await startVoiceEndpoint('isolate the host')
const env = {
  VOICE_BASE_URL: endpoint.url,
  VOICE_TRANSCRIPTION_MODEL: 'whisper-1',
  VOICE_SPEECH_MODEL: 'tts-1',
  VOICE_MAX_AUDIO_BYTES: `${MAX_AUDIO_BYTES}`,
}
const warRoom = await startWarRoom({ env })
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(async () => {
  await warRoom.stop()
  await endpoint.close()
})

const getDictationBar = (page: Page) => page.locator('.dictation')
const getMicrophone = (page: Page) => page.locator('.dictate')
const getReadAloudButton = (page: Page) => page.locator('.message[data-kind=ai] .read-aloud').last()

async function startTalking(page: Page): Promise<void> {
  await getMicrophone(page).click()
  await getDictationBar(page).filter({ hasText: 'Listening' }).waitFor()
  await getDictationBar(page).locator('.elapsed', { hasText: '0:01' }).waitFor()
}

/** Resolves to a function that says whether a script of the page keeps a microphone open. */
async function watchMicrophone(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => {
    const media = navigator.mediaDevices
    const getUserMedia = media.getUserMedia.bind(media)
    const streams: MediaStream[] = []
    Object.assign(window, { streams })
    media.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints)
      streams.push(stream)
      return stream
    }
  })
  return () =>
    page.evaluate(() =>
      (window as unknown as { streams: MediaStream[] }).streams.some((stream) =>
        stream.getTracks().some(({ readyState }) => readyState === 'live'),
      ),
    )
}

const WEBM_SIGNATURE = '\x1a\x45\xdf\xa3'
const FINISH_BUTTON = 'button:has-text("Finish and insert")'

t.test('[ROOM27] dictated text goes into the message box and isn’t sent', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const visitor = await warRoom.openAsEngineer('ada', event_id, { permissions: ['microphone'] })
  const { page, context, errors, externalRequests } = visitor
  const isMicrophoneOpen = await watchMicrophone(page)
  const recordingIndex = endpoint.recordings.length
  await getComposer(page).fill('@AI please')

  await startTalking(page)
  t.ok(await isMicrophoneOpen())
  await getDictationBar(page).locator(FINISH_BUTTON).click()
  await getDictationBar(page).waitFor({ state: 'detached' })

  t.equal(await getComposer(page).inputValue(), '@AI please isolate the host')
  t.equal(await page.locator('.message[data-kind=person], .unsent').count(), 0)
  t.ok(getAudio(endpoint.recordings[recordingIndex]).startsWith(WEBM_SIGNATURE), 'the recording is a WebM file')
  t.notOk(await isMicrophoneOpen(), 'the microphone is released')
  t.same([errors, externalRequests], [[], []])
  await context.close()
})

// On a slow machine axe takes longer than the longest recording, so this test does not finish the recording.
t.test('[ROOM27] axe finds no violation in the dictation bar', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('axel', event_id, { permissions: ['microphone'] })
  await startTalking(page)
  t.same(await listViolations(page), [])
  await context.close()
})

t.test('[ROOM27] after a failure the same recording is sent again', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('abe', event_id, { permissions: ['microphone'] })
  const recordingIndex = endpoint.recordings.length
  endpoint.failNext(1)

  await startTalking(page)
  await getMicrophone(page).click()
  await getDictationBar(page)
    .locator('[role=alert]', { hasText: 'voice service has a problem. Your recording is kept.' })
    .waitFor()
  t.same(await listViolations(page), [])
  t.ok(await getMicrophone(page).isDisabled(), 'the microphone does not replace the kept recording')
  await goToRoom(page, warRoom.proxy.url, await warRoom.createEvent(warRoom.alice))
  await getDictationBar(page).locator('[role=alert]', { hasText: 'Your recording for “' }).waitFor()
  t.ok(await getMicrophone(page).isDisabled(), 'nor does it in another room')
  await goToRoom(page, warRoom.proxy.url, event_id)
  await getDictationBar(page).locator('[role=alert]', { hasText: 'Your recording is kept.' }).waitFor()
  await getDictationBar(page).locator('button', { hasText: 'Try again' }).click()
  await getDictationBar(page).waitFor({ state: 'detached' })

  t.equal(await getComposer(page).inputValue(), 'isolate the host')
  const [failedRecording, repeatedRecording] = endpoint.recordings.slice(recordingIndex)
  t.equal(getAudio(repeatedRecording), getAudio(failedRecording))
  await context.close()
})

t.test('[ROOM27] a cancelled recording is sent nowhere', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('amy', event_id, { permissions: ['microphone'] })
  const isMicrophoneOpen = await watchMicrophone(page)
  const recordingCount = endpoint.recordings.length

  await startTalking(page)
  await getDictationBar(page).locator('button', { hasText: 'Cancel' }).click()
  await getDictationBar(page).waitFor({ state: 'detached' })

  t.notOk(await isMicrophoneOpen())
  t.equal(endpoint.recordings.length, recordingCount)
  await context.close()
})

t.test('[ROOM27] leaving the room finishes the recording and keeps its text', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('ava', event_id, { permissions: ['microphone'] })
  const isMicrophoneOpen = await watchMicrophone(page)

  await startTalking(page)
  await page.goto(`${warRoom.proxy.url}/#/`)
  await page.locator('.composer').waitFor({ state: 'detached' })

  await page.waitForFunction(() =>
    Object.entries(localStorage).some(([key, value]) => key.endsWith('/draft') && value.includes('isolate')),
  )
  t.notOk(await isMicrophoneOpen(), 'the microphone is closed')
  await goToRoom(page, warRoom.proxy.url, event_id)
  t.equal(await getComposer(page).inputValue(), 'isolate the host')
  await context.close()
})

t.test('[ROOM27] a recording ends by itself at the largest size that the server accepts', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('bea', event_id, { permissions: ['microphone'] })
  const recordingIndex = endpoint.recordings.length
  await getMicrophone(page).click()
  await getDictationBar(page).filter({ hasText: 'Listening' }).waitFor()
  await page.waitForFunction(
    () => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.value !== '',
    {},
    { timeout: 40_000 },
  )
  t.equal(await getComposer(page).inputValue(), 'isolate the host')
  const audioBytes = getAudio(endpoint.recordings[recordingIndex]).length
  t.ok(audioBytes > MAX_AUDIO_BYTES / 4 && audioBytes <= MAX_AUDIO_BYTES, `the recording has ${audioBytes} bytes`)
  await context.close()
})

t.test('[ROOM27] a refused microphone is reported, and the draft stays', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('cas', undefined, { permissions: [] })
  await getComposer(page).fill('half a sentence')
  await getMicrophone(page).click()
  await getDictationBar(page).locator('[role=alert]', { hasText: 'doesn’t let this page use the microphone' }).waitFor()
  t.same(await listViolations(page), [])
  await switchToChinese(page)
  await getDictationBar(page).filter({ hasText: '浏览器不允许' }).waitFor()
  t.equal(await getComposer(page).inputValue(), 'half a sentence')
  await getDictationBar(page).locator('button', { hasText: '关闭' }).click()
  await getDictationBar(page).waitFor({ state: 'detached' })
  await context.close()
})

t.test('[ROOM27] without an endpoint there is no button, unless the browser transcribes on this machine', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('dan', undefined, { permissions: ['microphone'] })
  await page.route('**/api/engineer-chat/voice', (route) =>
    route.fulfill({ json: { transcription: false, speech: false, max_audio_bytes: 1, max_speech_characters: 1 } }),
  )
  /** Reloads the page in a browser whose local speech recognition has this availability. */
  const reloadWithRecognition = async (localAvailability: string) => {
    await page.addInitScript((value) => Object.assign(window, { localAvailability: value }), localAvailability)
    const voiceResponse = page.waitForResponse('**/api/engineer-chat/voice')
    await page.reload()
    await voiceResponse
    await page.locator('.message, .event-report').first().waitFor()
  }
  await page.addInitScript(() => {
    class SpeechRecognition {
      static available = async ({ processLocally }: { processLocally: boolean }) =>
        processLocally ? (window as unknown as { localAvailability: string }).localAvailability : 'available'
      processLocally = false
      onstart: (() => void) | null = null
      onresult: ((event: object) => void) | null = null
      onend: (() => void) | null = null
      start() {
        if (!this.processLocally) throw new Error('sound would leave the machine')
        this.onstart?.()
      }
      stop() {
        const result = Object.assign([{ transcript: 'heard here' }], { isFinal: true })
        this.onresult?.({ resultIndex: 0, results: [result] })
        this.onend?.()
      }
      abort() {}
    }
    Object.assign(window, { SpeechRecognition })
  })
  await reloadWithRecognition('downloadable')
  t.equal(await getMicrophone(page).count(), 0, 'no button before a language package is downloaded')
  await reloadWithRecognition('available')
  await startTalking(page)
  await getMicrophone(page).click()
  await getDictationBar(page).waitFor({ state: 'detached' })
  t.equal(await getComposer(page).inputValue(), 'heard here')
  await context.close()
})

t.test('[ROOM28] an answer is read aloud without Markdown and can be stopped; a failure is reported', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context, errors, externalRequests } = await warRoom.openAsEngineer('eve', event_id)
  const privateKey = `-----BEGIN PRIVATE KEY----- ${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(30)} -----END PRIVATE KEY-----`
  await sendText(page, `@AI **bold** \`whoami\` ${'One more sentence of it. '.repeat(60)} The key is ${privateKey}.`)
  await waitForAnswerEnd(page)
  const { promise: speechAllowed, resolve: allowSpeech } = Promise.withResolvers<void>()
  await page.route('**/api/engineer-chat/speech', async (route) => {
    await speechAllowed // The sounds are so short that “Stop reading” could disappear before the test finds it.
    await route.continue()
  })
  await getReadAloudButton(page).press('Enter') // A click could miss the button, which may still move.
  await page.locator('.read-aloud[aria-label="Stop reading"]').waitFor()
  t.same(await listViolations(page), [])
  allowSpeech()
  await page.locator('.read-aloud[aria-label="Read aloud"]').waitFor()
  t.ok(endpoint.spokenTexts.length >= 3, 'a long answer is read in several parts')
  t.ok(
    endpoint.spokenTexts.every((text) => text.length <= 600 && /[.!?]$/.test(text)),
    'each part has at most 600 characters and ends with a sentence',
  )
  t.match(endpoint.spokenTexts[0], /^Answer to: bold whoami One more sentence/)
  t.match(endpoint.spokenTexts.at(-1), /The key is \[\[KEY-1\]\]\.$/)
  t.notMatch(endpoint.spokenTexts.join(''), 'MIIE', 'a private key is not read, even if it is longer than a part')

  endpoint.failNext(1)
  await getReadAloudButton(page).click()
  await page.locator('.toast.bad', { hasText: 'voice service has a problem' }).waitFor()
  await page.locator('.read-aloud[aria-label="Read aloud"]').waitFor()

  await page.evaluate(() => {
    HTMLMediaElement.prototype.play = () => Promise.resolve() // The sound never ends.
  })
  await getReadAloudButton(page).click()
  const stopButton = page.locator('.read-aloud[aria-label="Stop reading"]')
  await stopButton.and(page.locator('[aria-busy=false]')).waitFor()
  await stopButton.click()
  await page.locator('.read-aloud[aria-label="Read aloud"]').waitFor()
  t.same([errors, externalRequests], [[], []])
  await context.close()
})

t.test('[ROOM28] without an endpoint only a voice of this machine is used', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('fay', event_id)
  const code = 'rule that_matches_a_file { condition: filesize < 1MB }\n'.repeat(8)
  await sendText(page, `@AI 请解释这条规则：\n\n\`\`\`\n${code}\`\`\``)
  await waitForAnswerEnd(page)
  await page.route('**/api/engineer-chat/voice', (route) =>
    route.fulfill({ json: { transcription: false, speech: false, max_audio_bytes: 1, max_speech_characters: 1 } }),
  )
  /** Reloads the page in a browser with one voice, which speaks on this machine or at its vendor. */
  const reloadWithVoice = async (voice: { localService: boolean; lang: string }) => {
    await page.addInitScript((onlyVoice) => {
      speechSynthesis.getVoices = () => [onlyVoice as SpeechSynthesisVoice]
    }, voice)
    const voiceResponse = page.waitForResponse('**/api/engineer-chat/voice')
    await page.reload()
    await voiceResponse
    await waitForAnswerEnd(page)
  }
  await reloadWithVoice({ localService: false, lang: 'zh-CN' })
  t.equal(await getReadAloudButton(page).count(), 0, 'no button for a voice that sends the answer to its vendor')
  await reloadWithVoice({ localService: true, lang: 'en-GB' })
  t.equal(await getReadAloudButton(page).count(), 0, 'no button for a voice of another language')
  await reloadWithVoice({ localService: true, lang: 'zh-CN' })
  await getReadAloudButton(page).waitFor() // The code of the answer is English, but it is not read.
  await context.close()
})

t.test('[ROOM27] only this page may use the microphone', async (t) => {
  const { headers } = await fetch(warRoom.proxy.url)
  t.match(headers.get('permissions-policy'), /microphone=\(self\), camera=\(\)/)
  t.match(headers.get('content-security-policy'), 'media-src blob:')
})

/** Returns the audio of a multipart request: the bytes between the file's headers and the next boundary. */
function getAudio(request: Buffer | undefined): string {
  const [, afterFileName = ''] = (request?.toString('latin1') ?? '').split('recording.webm')
  const start = afterFileName.indexOf('\r\n\r\n') + 4
  return afterFileName.slice(start, afterFileName.indexOf('\r\n--', start))
}
