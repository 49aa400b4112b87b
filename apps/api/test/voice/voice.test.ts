import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import { ChatError } from '@engineer-chat/chat/shared'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import type { SpeechAudio, Voice } from '@engineer-chat/chat/voice'
import t, { type Test } from 'tap'
import { createHarness } from '../harness.ts'
import { checkProblem } from '../problems.ts'

/** The first four bytes are those of every WebM file. */
const WEBM = Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.from('opus and so on')])
const TRANSCRIPTIONS = '/api/engineer-chat/transcriptions'

type Transcription = NonNullable<Voice['transcription']>
type SpeechAbility = NonNullable<Voice['speech']>

/**
 * Creates a voice adapter with these abilities. A minute of transcription costs 6,000 micros (millionths); a million
 * characters of speech cost 15,000,000.
 */
const createVoice = (transcribe?: Transcription['transcribe'], speak?: SpeechAbility['speak']): Voice => ({
  ...(transcribe && { transcription: { model: { name: 'whisper-1', price: 0.006 }, transcribe } }),
  ...(speak && { speech: { model: { name: 'tts-1', price: 15 }, speak } }),
})

/** Yields these pieces. A sound begins with `ID3`, as an MP3 file does. */
async function* createSound(...pieces: string[]): SpeechAudio['audio'] {
  for (const piece of pieces) yield Buffer.from(piece)
}

interface VoiceOptions {
  env?: Record<string, string>
  budgets?: BudgetLimits
}

async function startWithVoice(t: Test, voice?: Voice, { env = {}, budgets = {} }: VoiceOptions = {}) {
  const stores = createMemoryStores({ budgets })
  const harness = await createHarness({ env, stores, deps: voice ? { voice } : {} })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const upload = (audio: unknown, type = 'audio/webm;codecs=opus', url = TRANSCRIPTIONS) =>
    alice.call('POST', url, audio, { 'content-type': type })
  const speak = (body: object) => alice.call('POST', '/api/engineer-chat/speech', body)
  return { harness, stores, alice, upload, speak }
}

t.test(
  '[VOICE1] a recording becomes text; invalid characters in the text are replaced, and the text is not logged',
  async (t) => {
    const recordings: unknown[] = []
    const voice = createVoice(async ({ audio, type, language }) => {
      recordings.push({ bytes: audio.length, type, language })
      return { text: ' Isolate the host\0. ', seconds: null }
    })
    const { harness, upload } = await startWithVoice(t, voice)

    const answer = await upload(WEBM, 'audio/webm;codecs=opus', `${TRANSCRIPTIONS}?language=zh`)

    t.equal(answer.statusCode, 200, answer.body)
    t.same(answer.json(), { text: 'Isolate the host\uFFFD.' })
    t.same(recordings, [{ bytes: WEBM.length, type: 'audio/webm', language: 'zh' }])
    t.notMatch(JSON.stringify(harness.log), /Isolate/)
  },
)

t.test('[VOICE1] a text becomes sound, and the text is not logged', async (t) => {
  const texts: unknown[] = []
  const voice = createVoice(undefined, async (text, voiceName) => {
    texts.push({ text, voice: voiceName })
    return { type: 'audio/mpeg', audio: createSound('ID3', ' sound') }
  })
  const { harness, speak } = await startWithVoice(t, voice)

  const sound = await speak({ text: ' Hello. ', voice: 'nova' })

  t.match(sound.headers, { 'content-type': 'audio/mpeg', 'cache-control': 'no-store' })
  t.equal(sound.body, 'ID3 sound')
  t.same(texts, [{ text: 'Hello.', voice: 'nova' }])
  t.notMatch(JSON.stringify(harness.log), /Hello/)
})

for (const LLM_REDACT_MAIL of ['true', 'false']) {
  const title = `[SECRET1] the speech endpoint gets no secrets; LLM_REDACT_MAIL=${LLM_REDACT_MAIL} decides whether it gets mail addresses`
  t.test(title, async (t) => {
    const { voice, texts } = createRecordingVoice()
    const { speak } = await startWithVoice(t, voice, { env: { LLM_REDACT_MAIL } })
    const text = 'Rotate AKIAABCDEFGHIJKLMNOP of mallory@corp.example on 10.0.0.5, password=hunter2-hunter2.'

    const sound = await speak({ text })

    t.equal(sound.statusCode, 200)
    t.notMatch(texts.join(), /AKIA|hunter2/)
    t.match(texts.join(), '10.0.0.5')
    t.equal(texts.join().includes('mallory'), LLM_REDACT_MAIL === 'false')
  })
}

/** Creates a voice adapter that records the texts that it gets. */
function createRecordingVoice(): { voice: Voice; texts: string[] } {
  const texts: string[] = []
  const voice = createVoice(undefined, async (text) => {
    texts.push(text)
    return { type: 'audio/mpeg', audio: createSound('ID3') }
  })
  return { voice, texts }
}

t.test(
  '[VOICE6] a long text is spoken in parts, and a secret that is split between two parts stays hidden',
  async (t) => {
    const { voice, texts } = createRecordingVoice()
    const { speak } = await startWithVoice(t, voice)
    // A part has at most 600 characters, and the password begins at character 595.
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC '.repeat(40)}\n-----END PRIVATE KEY-----`
    const filler = 'One more sentence of the answer. '
    const text = `${'word '.repeat(116)}its password: hunter2-hunter2, no more. ${filler.repeat(200)}${key}\nThe end.`

    for (let part = 0; ; part += 1) {
      const sound = await speak({ text, part })
      if (sound.statusCode === 204) break
      t.equal(sound.statusCode, 200, sound.body)
    }

    t.ok(texts.length > 10 && texts.every((text) => text.length <= 600))
    t.notMatch(texts.join(''), /hunter2|MIIE/)
    t.match(texts.join(' '), /its password: \[\[PASSWORD-1\]\].*\[\[KEY-1\]\]\sThe end\.$/s)
  },
)

t.test('[VOICE6] the number of a part must not be negative', async (t) => {
  const { voice } = createRecordingVoice()
  const { speak } = await startWithVoice(t, voice)
  checkProblem(t, await speak({ text: 'x', part: -1 }), 400, 'validation_failed')
})

t.test('[VOICE2] without an endpoint the routes respond with 501, also to invalid input', async (t) => {
  const { upload, speak } = await startWithVoice(t)
  checkProblem(t, await upload(WEBM), 501, 'voice_not_configured')
  checkProblem(t, await upload(WEBM, 'text/plain'), 501, 'voice_not_configured')
  checkProblem(t, await speak({ text: 'x' }), 501, 'voice_not_configured')
  checkProblem(t, await speak({}), 501, 'voice_not_configured')
})

t.test('[VOICE2] a page can read that no endpoint is configured', async (t) => {
  const { alice } = await startWithVoice(t)
  t.same((await alice.call('GET', '/api/engineer-chat/voice')).json(), {
    transcription: false,
    speech: false,
    inside: false,
    max_audio_bytes: 10_485_760,
    max_speech_characters: 4_096,
  })
})

t.test('[VOICE2] agents may not use voice', async (t) => {
  const { harness } = await startWithVoice(t)
  const agent = await harness.signUp('captain', 'agent')
  checkProblem(t, await agent.call('POST', TRANSCRIPTIONS, WEBM, { 'content-type': 'audio/webm' }), 403, 'forbidden')
})

t.test('[VOICE2] a page can read which voice abilities are configured', async (t) => {
  const env = { VOICE_MAX_AUDIO_BYTES: '2048', VOICE_MAX_SPEECH_CHARACTERS: '10' }
  const { alice } = await startWithVoice(
    t,
    createVoice(async () => ({ text: 'x', seconds: 1 })),
    { env },
  )
  t.same((await alice.call('GET', '/api/engineer-chat/voice')).json(), {
    transcription: true,
    speech: false,
    inside: false,
    max_audio_bytes: 2_048,
    max_speech_characters: 10,
  })
})

const SMALL_LIMITS = { VOICE_MAX_AUDIO_BYTES: '2048', VOICE_MAX_SPEECH_CHARACTERS: '10' }

/** Creates a voice adapter whose calls fail the test. */
function createUnusedVoice(t: Test): Voice {
  const call = () => {
    t.fail('the endpoint was called')
    return Promise.reject(new ChatError('voice_failed'))
  }
  return createVoice(call, call)
}

t.test('[VOICE3] a recording of the wrong kind is refused, by its type or by its content', async (t) => {
  const { upload } = await startWithVoice(t, createUnusedVoice(t), { env: SMALL_LIMITS })
  for (const type of ['audio/midi', 'video/mp4', 'application/json', 'text/plain'])
    checkProblem(t, await upload(WEBM, type), 415, 'unsupported_media_type', type)
  checkProblem(t, await upload(Buffer.from('MZ an executable')), 415, 'unsupported_media_type')
})

t.test('[VOICE3] a recording that is empty or too large is refused', async (t) => {
  const { upload } = await startWithVoice(t, createUnusedVoice(t), { env: SMALL_LIMITS })
  checkProblem(t, await upload(Buffer.alloc(0)), 400, 'validation_failed')
  checkProblem(t, await upload(Buffer.concat([WEBM, Buffer.alloc(2_048)])), 413, 'payload_too_large')
})

t.test('[VOICE3] a text that is empty, too long or contains invalid characters is refused', async (t) => {
  const { speak } = await startWithVoice(t, createUnusedVoice(t), { env: SMALL_LIMITS })
  for (const text of ['', '  ', 'x'.repeat(11), 'a\0b', '\ud800'])
    checkProblem(t, await speak({ text }), 400, 'validation_failed', JSON.stringify(text))
})

t.test('[VOICE3] a language must be a code, and a voice must be a name', async (t) => {
  const { upload, speak } = await startWithVoice(t, createUnusedVoice(t), { env: SMALL_LIMITS })
  checkProblem(t, await upload(WEBM, 'audio/webm', `${TRANSCRIPTIONS}?language=english`), 400, 'validation_failed')
  checkProblem(t, await speak({ text: 'x', voice: '../x' }), 400, 'validation_failed')
})

t.test(
  '[VOICE7] a limited number of recordings is processed at once; after one has ended, the next one is accepted',
  async (t) => {
    const { promise: done, resolve: finish } = Promise.withResolvers<void>()
    const { promise: bothRunning, resolve: reportBothRunning } = Promise.withResolvers<void>()
    let calls = 0
    const voice = createVoice(async () => {
      calls += 1
      if (calls === 2) reportBothRunning()
      await done
      return { text: 'x', seconds: 1 }
    })
    const { upload } = await startWithVoice(t, voice, { env: { VOICE_MAX_UPLOADS: '2' } })
    checkProblem(
      t,
      await upload(Buffer.from('MZ an executable')),
      415,
      'unsupported_media_type',
      'a refused recording does not count towards the limit',
    )
    const runningUploads = [upload(WEBM), upload(WEBM)]
    await bothRunning
    const refused = await upload(WEBM)
    checkProblem(t, refused, 503, 'unavailable')
    t.match(refused.json(), { detail: /Too many recordings/ })
    t.ok(Number(refused.headers['retry-after']) > 0)
    finish()
    t.same(
      (await Promise.all(runningUploads)).map(({ statusCode }) => statusCode),
      [200, 200],
    )
    t.equal((await upload(WEBM)).statusCode, 200)
    t.equal(calls, 3)
  },
)

t.test('[VOICE4] a failure of the endpoint is a 502 without internals', async (t) => {
  const fail = async () => {
    const error = new ChatError('voice_failed')
    error.cause = new Error('Voice: the endpoint answered 500')
    throw error
  }
  const { harness, upload, speak } = await startWithVoice(t, createVoice(fail, fail))
  checkProblem(t, await upload(WEBM), 502, 'voice_failed')
  checkProblem(t, await speak({ text: 'x' }), 502, 'voice_failed')
  t.match(
    harness.log.filter(({ level }) => level === 'error'),
    [{ event: 'EngineerChat.voice_failed' }, { event: 'EngineerChat.voice_failed' }],
  )
})

t.test('[VOICE5] each call is recorded with its usage, and without its text', async (t) => {
  const voice = createVoice(
    async () => ({ text: 'Isolate the host.', seconds: 90 }),
    async () => ({ type: 'audio/mpeg', audio: createSound('ID3') }),
  )
  const { harness, stores, alice, upload, speak } = await startWithVoice(t, voice, {
    budgets: { user: { tokens: 100_000 } },
  })
  const event_id = await harness.createEvent(alice)
  await upload(WEBM, 'audio/webm', `${TRANSCRIPTIONS}?event_id=${event_id}`)
  await speak({ text: '隔离主机 FIN-WS-042。' })
  const common = { user_id: alice.user_id, outcome: 'ok' }
  // The prices of `createVoice`: 90 seconds cost 9,000 micros, and 16 characters cost 240.
  t.equal(stores.data.voiceCalls.length, 2)
  t.match(stores.data.voiceCalls, [
    { ...common, event_id, kind: 'transcription', model: 'whisper-1', size: 90, cost_micros: 9_000 },
    { ...common, event_id: null, kind: 'speech', model: 'tts-1', size: 16, cost_micros: 240 },
  ])
  t.notMatch(JSON.stringify(stores.data.voiceCalls), /Isolate|隔离/)
  const [{ tokens_spent = 0, ...spend } = {}] = stores.data.spend.values()
  t.match(spend, { tokens_held: 0, micros_spent: 9_240, micros_held: 0 })
  t.ok(
    tokens_spent > 900 && tokens_spent < 940,
    `ten tokens for each second of sound, and the tokens of the text: ${tokens_spent}`,
  )
})

for (const [whose, budgets, isEventBudget] of [
  ['the user’s', { user: { micros: 100 } }, false],
  ['the event’s', { event: { tokens: 1 } }, true],
] as const) {
  t.test(`[VOICE5] a call over ${whose} budget is refused, and the endpoint is not called`, async (t) => {
    const { harness, alice, upload, speak } = await startWithVoice(t, createUnusedVoice(t), { budgets })
    const event_id = isEventBudget ? await harness.createEvent(alice) : undefined
    const url = isEventBudget ? `${TRANSCRIPTIONS}?event_id=${event_id}` : TRANSCRIPTIONS

    const recording = await upload(Buffer.concat([WEBM, Buffer.alloc(4_000)]), 'audio/webm', url)
    // Seven characters cost 105 micros.
    const speech = await speak({ text: 'x'.repeat(7), ...(isEventBudget && { event_id }) })

    checkProblem(t, recording, 429, 'budget_exceeded')
    checkProblem(t, speech, 429, 'budget_exceeded')
    t.ok(Number(speech.headers['retry-after']) > 0)
  })
}

t.test('[VOICE5] a failed call costs nothing', async (t) => {
  const fail = () => Promise.reject(new ChatError('voice_failed'))
  const { stores, speak } = await startWithVoice(t, createVoice(fail, fail), { budgets: { user: { micros: 100 } } })

  const speech = await speak({ text: 'x' })

  checkProblem(t, speech, 502, 'voice_failed')
  t.match(stores.data.voiceCalls, [{ outcome: 'failed', cost_micros: null, spent: { tokens: 0, micros: 0 } }])
  t.match([...stores.data.spend.values()][0], { micros_spent: 0, micros_held: 0 })
})

t.test('[VOICE5] a hundred concurrent calls do not exceed the budget, and each spoken text is counted', async (t) => {
  const released = Promise.withResolvers<void>()
  const voice = createVoice(undefined, async () => {
    await released.promise
    return { type: 'audio/mpeg', audio: createSound('ID3') }
  })
  const { stores, speak } = await startWithVoice(t, voice, { budgets: { all: { micros: 1_000 } } })
  // Each call costs 60 micros, so the budget allows 16 of them.
  const answers = Array.from({ length: 100 }, () => speak({ text: 'abcd' }))
  await Promise.race(answers)
  released.resolve()
  const codes = (await Promise.all(answers)).map(({ statusCode }) => statusCode)
  t.same([codes.filter((code) => code === 200).length, codes.filter((code) => code === 429).length], [16, 84])
  t.match([...stores.data.spend.values()], [{ micros_spent: 960, micros_held: 0 }])
})

t.test('[VOICE5] an event that the caller may not enter looks like one that does not exist', async (t) => {
  const { voice } = createRecordingVoice()
  const { harness, speak } = await startWithVoice(t, voice)
  const bob = await harness.signUp('bob')
  const restrictedEvent = await harness.createEvent(bob, { access: 'restricted' })
  for (const event_id of [restrictedEvent, 'nowhere'])
    checkProblem(t, await speak({ text: 'x', event_id }), 404, 'event_not_found', event_id)
})
