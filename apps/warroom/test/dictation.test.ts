import { once } from 'node:events'
import t from 'tap'
import { startFakePage } from '../testing/fake-page.ts'

const page = startFakePage()
Object.assign(globalThis, { matchMedia: () => ({ matches: false }), setInterval: () => 0 })
Object.assign(document, { documentElement: { dataset: {} } })

/** Is the browser's recogniser of this machine. It understands English alone. A test decides what it hears. */
class FakeRecognition {
  static current: FakeRecognition
  static available = ({ langs }: { langs: string[] }) =>
    Promise.resolve(langs.includes('en-US') ? 'available' : 'unavailable')
  onstart: (() => void) | null = null
  onresult: ((event: object) => void) | null = null
  onerror: ((event: { error: string }) => void) | null = null
  onend: (() => void) | null = null
  constructor() {
    FakeRecognition.current = this
  }
  start() {}
  stop() {
    this.onend?.()
  }
  abort() {
    this.onend?.()
  }
  hear(transcript: string) {
    this.onresult?.({ resultIndex: 0, results: [Object.assign([{ transcript }], { isFinal: true })] })
  }
  fail(error: string) {
    this.onerror?.({ error })
    this.onend?.()
  }
}

/** Is the browser's recorder. `stop` is also what an unplugged microphone does. */
class FakeRecorder extends EventTarget {
  static current: FakeRecorder
  static isTypeSupported = () => true
  state = 'recording'
  mimeType = 'audio/webm'
  ondataavailable: ((event: { data: Blob }) => void) | null = null
  onstop: (() => void) | null = null
  constructor() {
    super()
    FakeRecorder.current = this
  }
  start() {}
  stop() {
    this.state = 'inactive'
    this.ondataavailable?.({ data: new Blob(['sound']) })
    this.onstop?.()
  }
}
Object.assign(globalThis, { SpeechRecognition: FakeRecognition, MediaRecorder: FakeRecorder })
Object.defineProperty(navigator, 'mediaDevices', {
  value: { getUserMedia: () => Promise.resolve({ getTracks: () => [] }) },
})

const { updateSettings, useSettings } = await import('../src/state/page/settings.ts')
const { useSignIn } = await import('../src/state/people/sign-in.ts')
const { getDraft, setDraft } = await import('../src/state/asking/drafts.ts')
const { cancelDictation, finishDictation, startDictation, useDictation } = await import(
  '../src/state/voice/dictation.ts'
)
const { loadVoiceAbilities, useVoiceAbilities } = await import('../src/state/voice/voice-abilities.ts')

const USER = { user_id: 'u-1', username: 'ann', role: 'engineer', active: true, created_at: '' } as const
useSignIn.setState({ phase: 'in', user: USER })

const getPhase = () => useDictation.getState().dictation.phase
/** Resolves when the store of a module fits, at once or after a change. */
async function waitFor(
  store: { subscribe(listener: () => void): () => void },
  isExpected: () => boolean,
): Promise<void> {
  if (isExpected()) return
  const changes = new EventTarget()
  const unsubscribe = store.subscribe(() => isExpected() && changes.dispatchEvent(new Event('expected')))
  await once(changes, 'expected')
  unsubscribe()
}
const waitForPhase = (phase: string) => waitFor(useDictation, () => getPhase() === phase)

t.setTimeout(10_000)
t.beforeEach(() => {
  updateSettings({ language: 'en' })
  cancelDictation()
  setDraft('u-1', 'e1', '')
})

t.test('[ROOM27] only its own buttons discard a kept recording; no other dictation starts before that', async (t) => {
  useVoiceAbilities.setState({ dictation: 'server', limits: { max_audio_bytes: 1_000_000 } })
  await startDictation('e1')
  const finished = finishDictation()
  await (await page.takeRequest()).fail()
  await finished
  t.equal(getPhase(), 'failed')

  for (const event_id of ['e1', 'e2']) {
    await startDictation(event_id)
    t.match(useDictation.getState().dictation, { phase: 'failed', event_id: 'e1' })
  }
  const repeated = finishDictation()
  await (await page.takeRequest()).respond({ text: 'isolate the host' })
  await repeated
  t.equal(getDraft('u-1', 'e1'), 'isolate the host')
  t.equal(getPhase(), 'off')
})

t.test('[ROOM27] when the microphone is unplugged, what was recorded is transcribed', async (t) => {
  useVoiceAbilities.setState({ dictation: 'server', limits: { max_audio_bytes: 1_000_000 } })
  await startDictation('e1')
  t.equal(getPhase(), 'recording')
  FakeRecorder.current.stop()
  const request = await page.takeRequest()
  t.equal(getPhase(), 'transcribing')
  await request.respond({ text: 'half a sentence' })
  await waitForPhase('off')
  t.equal(getDraft('u-1', 'e1'), 'half a sentence')
})

t.test(
  '[ROOM27] while the browser asks for the microphone the page says so, and a refusal is shown at once',
  async (t) => {
    useVoiceAbilities.setState({ dictation: 'device' })
    const started = startDictation('e1')
    t.equal(getPhase(), 'asking')
    FakeRecognition.current.fail('not-allowed')
    await started
    t.match(useDictation.getState().dictation, { phase: 'unheard', reason: 'refused' })
  },
)

t.test(
  '[ROOM27] a recogniser that ends by itself ends the dictation: with its text, or with its problem',
  async (t) => {
    useVoiceAbilities.setState({ dictation: 'device' })
    const startListening = async () => {
      const started = startDictation('e1')
      FakeRecognition.current.onstart?.()
      await started
      t.equal(getPhase(), 'recording')
    }
    await startListening()
    FakeRecognition.current.hear('isolate the host')
    FakeRecognition.current.onend?.()
    await waitForPhase('off')
    t.equal(getDraft('u-1', 'e1'), 'isolate the host')

    await startListening()
    FakeRecognition.current.fail('no-speech')
    await waitForPhase('unheard')
    t.match(useDictation.getState().dictation, { reason: 'nothing_heard' })

    await startListening()
    FakeRecognition.current.fail('audio-capture')
    await waitForPhase('unheard')
    t.match(useDictation.getState().dictation, { reason: 'busy_microphone' })
  },
)

t.test('[ROOM27] a change of the page’s language changes whether this machine can transcribe', async (t) => {
  useVoiceAbilities.setState({ dictation: null })
  updateSettings({ language: 'zh' })
  await page.runWithResponse(loadVoiceAbilities, { transcription: false, speech: false, max_audio_bytes: 1 })
  t.equal(useVoiceAbilities.getState().dictation, null)
  updateSettings({ language: 'en' })
  await waitFor(useVoiceAbilities, () => useVoiceAbilities.getState().dictation === 'device')
  updateSettings({ language: 'zh' })
  await waitFor(useVoiceAbilities, () => useVoiceAbilities.getState().dictation === null)
  t.equal(useSettings.getState().language, 'zh')
})
