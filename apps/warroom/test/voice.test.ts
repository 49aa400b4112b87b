import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { enterRoom, getComposer, sendText, switchToChinese } from '../testing/browser.ts'
import { startVoiceEndpoint } from '../testing/voice-endpoint.ts'
import { openWarRoom } from '../testing/war-room.ts'

const MAX_AUDIO_BYTES = 32_000
const endpoint = await startVoiceEndpoint('isolate the host')
const env = {
  VOICE_BASE_URL: endpoint.url,
  VOICE_TRANSCRIPTION_MODEL: 'whisper-1',
  VOICE_SPEECH_MODEL: 'tts-1',
  VOICE_MAX_AUDIO_BYTES: `${MAX_AUDIO_BYTES}`,
}
const room = await openWarRoom({ env })
t.setTimeout(240_000)
t.teardown(async () => {
  await room.stop()
  await endpoint.close()
})

const bar = (page: Page) => page.locator('.dictation')
const microphone = (page: Page) => page.locator('.dictate')
const readAloudButton = (page: Page) => page.locator('.message[data-kind=ai] .read-aloud').last()

async function startTalking(page: Page): Promise<void> {
  await microphone(page).click()
  await bar(page).filter({ hasText: 'Listening' }).waitFor()
  await bar(page).locator('.elapsed', { hasText: '0:01' }).waitFor()
}

/** Counts on the page which microphones its scripts hold open. */
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

const finishButton = 'button:has-text("Finish and insert")'

t.test('[ROOM27] what is dictated stands in the message box and isn’t sent', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const visitor = await room.openAsEngineer('ada', event_id, { permissions: ['microphone'] })
  const { page, context, errors, outsideRequests } = visitor
  const isMicrophoneOpen = await watchMicrophone(page)
  const before = endpoint.recordings.length
  await getComposer(page).fill('@AI please')

  await startTalking(page)
  t.ok(await isMicrophoneOpen())
  t.same(await listViolations(page), [])
  await bar(page).locator(finishButton).click()
  await bar(page).waitFor({ state: 'detached' })

  t.equal(await getComposer(page).inputValue(), '@AI please isolate the host')
  t.equal(await page.locator('.message[data-kind=person], .unsent').count(), 0)
  t.ok(getAudio(endpoint.recordings[before]).startsWith('\x1a\x45\xdf\xa3'), 'WebM')
  t.notOk(await isMicrophoneOpen(), 'the microphone is released')
  t.same([errors, outsideRequests], [[], []])
  await context.close()
})

t.test('[ROOM27] after a failure the same recording is sent again', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('abe', event_id, { permissions: ['microphone'] })
  const before = endpoint.recordings.length
  endpoint.fail(1)

  await startTalking(page)
  await microphone(page).click()
  await bar(page).locator('[role=alert]', { hasText: 'voice service has a problem. Your recording is kept.' }).waitFor()
  t.same(await listViolations(page), [])
  await bar(page).locator('button', { hasText: 'Try again' }).click()
  await bar(page).waitFor({ state: 'detached' })

  t.equal(await getComposer(page).inputValue(), 'isolate the host')
  t.equal(getAudio(endpoint.recordings[before + 1]), getAudio(endpoint.recordings[before]))
  await context.close()
})

t.test('[ROOM27] a cancelled recording is sent nowhere', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('amy', event_id, { permissions: ['microphone'] })
  const isMicrophoneOpen = await watchMicrophone(page)
  const before = endpoint.recordings.length

  await startTalking(page)
  await bar(page).locator('button', { hasText: 'Cancel' }).click()
  await bar(page).waitFor({ state: 'detached' })

  t.notOk(await isMicrophoneOpen())
  t.equal(endpoint.recordings.length, before)
  await context.close()
})

t.test('[ROOM27] leaving the room finishes the recording and keeps its text', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('ava', event_id, { permissions: ['microphone'] })
  const isMicrophoneOpen = await watchMicrophone(page)

  await startTalking(page)
  await page.goto(`${room.front.url}/#/`)
  await page.locator('.composer').waitFor({ state: 'detached' })

  await page.waitForFunction(() =>
    Object.entries(localStorage).some(([key, value]) => key.endsWith('/draft') && value.includes('isolate')),
  )
  t.notOk(await isMicrophoneOpen(), 'no microphone stays open unseen')
  await enterRoom(page, room.front.url, event_id)
  t.equal(await getComposer(page).inputValue(), 'isolate the host')
  await context.close()
})

t.test('[ROOM27] a recording ends by itself at the largest size that the server accepts', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('bea', event_id, { permissions: ['microphone'] })
  const before = endpoint.recordings.length
  await microphone(page).click()
  await bar(page).filter({ hasText: 'Listening' }).waitFor()
  await page.waitForFunction(
    () => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.value !== '',
    {},
    { timeout: 40_000 },
  )
  t.equal(await getComposer(page).inputValue(), 'isolate the host')
  const bytes = getAudio(endpoint.recordings[before]).length
  t.ok(bytes > MAX_AUDIO_BYTES / 4 && bytes <= MAX_AUDIO_BYTES, `${bytes} bytes`)
  await context.close()
})

t.test('[ROOM27] a refused microphone is reported, and the draft stays', async (t) => {
  const { page, context } = await room.openAsEngineer('cas', undefined, { permissions: [] })
  await getComposer(page).fill('half a sentence')
  await microphone(page).click()
  await bar(page).locator('[role=alert]', { hasText: 'doesn’t let this page use the microphone' }).waitFor()
  t.same(await listViolations(page), [])
  await switchToChinese(page)
  await bar(page).filter({ hasText: '浏览器不允许' }).waitFor()
  t.equal(await getComposer(page).inputValue(), 'half a sentence')
  await bar(page).locator('button', { hasText: '关闭' }).click()
  await bar(page).waitFor({ state: 'detached' })
  await context.close()
})

t.test('[ROOM27] without an endpoint there is no button, unless the browser transcribes on this machine', async (t) => {
  const { page, context } = await room.openAsEngineer('dan', undefined, { permissions: ['microphone'] })
  await page.route('**/api/engineer-chat/voice', (route) =>
    route.fulfill({ json: { transcription: false, speech: false, max_audio_bytes: 1, max_speech_characters: 1 } }),
  )
  const withRecognition = async (available: string) => {
    await page.addInitScript((available) => Object.assign(window, { available }), available)
    const offered = page.waitForResponse('**/api/engineer-chat/voice')
    await page.reload()
    await offered
    await page.locator('.message, .opening').first().waitFor()
  }
  await page.addInitScript(() => {
    class SpeechRecognition {
      static available = async ({ processLocally }: { processLocally: boolean }) =>
        processLocally ? (window as unknown as { available: string }).available : 'available'
      processLocally = false
      onresult: ((event: object) => void) | null = null
      onend: (() => void) | null = null
      start() {
        if (!this.processLocally) throw new Error('sound would leave the machine')
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
  await withRecognition('downloadable')
  t.equal(await microphone(page).count(), 0, 'neither sends sound nor loads a package')
  await withRecognition('available')
  await startTalking(page)
  await microphone(page).click()
  await bar(page).waitFor({ state: 'detached' })
  t.equal(await getComposer(page).inputValue(), 'heard here')
  await context.close()
})

t.test('[ROOM28] an answer is read aloud, without marks, and can be stopped; a failure is reported', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context, errors, outsideRequests } = await room.openAsEngineer('eve', event_id)
  const key = `-----BEGIN PRIVATE KEY----- ${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(30)} -----END PRIVATE KEY-----`
  await sendText(page, `@AI **bold** \`whoami\` ${'One more sentence of it. '.repeat(60)} The key is ${key}.`)
  await page.locator('.message[data-kind=ai] .facts').waitFor()
  const { promise: isSeen, resolve: markSeen } = Promise.withResolvers<void>()
  await page.route('**/api/engineer-chat/speech', async (route) => {
    await isSeen // The sounds are so short that a slow browser may not show that they are read.
    await route.continue()
  })
  await readAloudButton(page).press('Enter') // The answer's foot may still move below a pointer.
  await page.locator('.read-aloud[aria-label="Stop reading"]').waitFor()
  t.same(await listViolations(page), [])
  markSeen()
  await page.locator('.read-aloud[aria-label="Read aloud"]').waitFor()
  t.ok(
    endpoint.spokenTexts.length >= 3 && endpoint.spokenTexts.every((text) => text.length <= 600 && /[.!?]$/.test(text)),
  )
  t.match(endpoint.spokenTexts[0], /^Answer to: bold whoami One more sentence/)
  t.match(endpoint.spokenTexts.at(-1), /The key is \[\[KEY-1\]\]\.$/)
  t.notMatch(endpoint.spokenTexts.join(''), 'MIIE', 'a key that is longer than a part')

  endpoint.fail(1)
  await readAloudButton(page).click()
  await page.locator('.toast.bad', { hasText: 'voice service has a problem' }).waitFor()
  await page.locator('.read-aloud[aria-label="Read aloud"]').waitFor()

  await page.evaluate(() => {
    HTMLMediaElement.prototype.play = () => Promise.resolve() // The sound never ends.
  })
  await readAloudButton(page).click()
  const stop = page.locator('.read-aloud[aria-label="Stop reading"]')
  await stop.and(page.locator('[aria-busy=false]')).waitFor()
  await stop.click()
  await page.locator('.read-aloud[aria-label="Read aloud"]').waitFor()
  t.same([errors, outsideRequests], [[], []])
  await context.close()
})

t.test('[ROOM28] without an endpoint only a voice of this machine speaks', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('fay', event_id)
  await sendText(page, '@AI say something')
  await page.locator('.message[data-kind=ai] .facts').waitFor()
  await page.route('**/api/engineer-chat/voice', (route) =>
    route.fulfill({ json: { transcription: false, speech: false, max_audio_bytes: 1, max_speech_characters: 1 } }),
  )
  const withVoice = async (localService: boolean) => {
    await page.addInitScript((localService) => {
      speechSynthesis.getVoices = () => [{ localService, lang: 'en-GB' } as SpeechSynthesisVoice]
    }, localService)
    const offered = page.waitForResponse('**/api/engineer-chat/voice')
    await page.reload()
    await offered
    await page.locator('.message[data-kind=ai] .facts').waitFor()
  }
  await withVoice(false)
  t.equal(await readAloudButton(page).count(), 0, 'it would send the answer to its maker')
  await withVoice(true)
  await readAloudButton(page).waitFor()
  await context.close()
})

t.test('[ROOM27] only this page may use the microphone', async (t) => {
  const { headers } = await fetch(room.front.url)
  t.match(headers.get('permissions-policy'), /microphone=\(self\), camera=\(\)/)
  t.match(headers.get('content-security-policy'), 'media-src blob:')
})

/** Returns the form's part between the file's headers and the next boundary. */
function getAudio(request: Buffer | undefined): string {
  const [, after = ''] = (request?.toString('latin1') ?? '').split('recording.webm')
  const from = after.indexOf('\r\n\r\n') + 4
  return after.slice(from, after.indexOf('\r\n--', from))
}
