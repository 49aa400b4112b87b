import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import { ChatError } from '@engineer-chat/chat/shared'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import type { SpeechAudio, Voice } from '@engineer-chat/chat/voice'
import t, { type Test } from 'tap'
import { createHarness } from '../harness.ts'
import { isProblem } from '../problems.ts'

const WEBM = Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.from('opus and so on')])
const PATH = '/api/engineer-chat/transcriptions'

type Transcription = NonNullable<Voice['transcription']>
type SpeechAbility = NonNullable<Voice['speech']>

/** A minute of transcription costs 6,000 millionths, a million characters of speech 15 whole ones. */
const createVoice = (transcribe?: Transcription['transcribe'], speak?: SpeechAbility['speak']): Voice => ({
  ...(transcribe && { transcription: { model: { name: 'whisper-1', price: 0.006 }, transcribe } }),
  ...(speak && { speech: { model: { name: 'tts-1', price: 15 }, speak } }),
})

async function* createSound(...pieces: string[]): SpeechAudio['audio'] {
  for (const piece of pieces) yield Buffer.from(piece)
}

interface Setting {
  env?: Record<string, string>
  budgets?: BudgetLimits
}

async function withVoice(t: Test, voice?: Voice, { env = {}, budgets = {} }: Setting = {}) {
  const stores = createMemoryStores({ budgets })
  const harness = await createHarness({ env, stores, deps: voice ? { voice } : {} })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const upload = (audio: unknown, type = 'audio/webm;codecs=opus', url = PATH) =>
    alice.call('POST', url, audio, { 'content-type': type })
  const speak = (body: object) => alice.call('POST', '/api/engineer-chat/speech', body)
  return { harness, stores, alice, upload, speak }
}

t.test('[VOICE1] a recording becomes text, which is repaired and not logged', async (t) => {
  const recordings: unknown[] = []
  const voice = createVoice(async ({ audio, type, language }) => {
    recordings.push({ bytes: audio.length, type, language })
    return { text: ' Isolate the host\0. ', seconds: null }
  })
  const { harness, upload } = await withVoice(t, voice)

  const answer = await upload(WEBM, 'audio/webm;codecs=opus', `${PATH}?language=zh`)

  t.equal(answer.statusCode, 200, answer.body)
  t.same(answer.json(), { text: 'Isolate the host\uFFFD.' })
  t.same(recordings, [{ bytes: WEBM.length, type: 'audio/webm', language: 'zh' }])
  t.notMatch(JSON.stringify(harness.log), /Isolate/)
})

t.test('[VOICE1] a text becomes sound, and is not logged', async (t) => {
  const texts: unknown[] = []
  const voice = createVoice(undefined, async (text, voice) => {
    texts.push({ text, voice })
    return { type: 'audio/mpeg', audio: createSound('ID3', ' sound') }
  })
  const { harness, speak } = await withVoice(t, voice)

  const sound = await speak({ text: ' Hello. ', voice: 'nova' })

  t.match(sound.headers, { 'content-type': 'audio/mpeg', 'cache-control': 'no-store' })
  t.equal(sound.body, 'ID3 sound')
  t.same(texts, [{ text: 'Hello.', voice: 'nova' }])
  t.notMatch(JSON.stringify(harness.log), /Hello/)
})

for (const LLM_REDACT_MAIL of ['true', 'false']) {
  const title = `[SECRET1] the endpoint that speaks gets no secret, and mail only if it may: ${LLM_REDACT_MAIL}`
  t.test(title, async (t) => {
    const { voice, texts } = createRecordingVoice()
    const { speak } = await withVoice(t, voice, { env: { LLM_REDACT_MAIL } })
    const text = 'Rotate AKIAABCDEFGHIJKLMNOP of mallory@corp.example on 10.0.0.5, password=hunter2-hunter2.'

    const sound = await speak({ text })

    t.equal(sound.statusCode, 200)
    t.notMatch(texts.join(), /AKIA|hunter2/)
    t.match(texts.join(), '10.0.0.5')
    t.equal(texts.join().includes('mallory'), LLM_REDACT_MAIL === 'false')
  })
}

/** Makes a voice that keeps the texts which it was sent. */
function createRecordingVoice(): { voice: Voice; texts: string[] } {
  const texts: string[] = []
  const voice = createVoice(undefined, async (text) => {
    texts.push(text)
    return { type: 'audio/mpeg', audio: createSound('ID3') }
  })
  return { voice, texts }
}

t.test('[VOICE6] a long text is spoken part by part, and a secret across the border of two stays hidden', async (t) => {
  const { voice, texts } = createRecordingVoice()
  const { speak } = await withVoice(t, voice)
  const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC '.repeat(40)}\n-----END PRIVATE KEY-----`
  const filler = 'One more sentence of the answer. '
  const text = `${'word '.repeat(116)}its password: hunter2-hunter2, no more. ${filler.repeat(200)}${key}\nThe end.`

  for (let part = 0; ; part += 1) {
    const sound = await speak({ text, part })
    if (sound.statusCode === 204) break
    t.equal(sound.statusCode, 200, sound.body)
  }

  t.ok(texts.length > 10 && texts.every((one) => one.length <= 600))
  t.notMatch(texts.join(''), /hunter2|MIIE/)
  t.match(texts.join(' '), /its password: \[\[PASSWORD-1\]\].*\[\[KEY-1\]\]\sThe end\.$/s)
})

t.test('[VOICE6] a part has a number from 0 on', async (t) => {
  const { voice } = createRecordingVoice()
  const { speak } = await withVoice(t, voice)
  isProblem(t, await speak({ text: 'x', part: -1 }), 400, 'validation_failed')
})

t.test('[VOICE2] without an endpoint it is 501, whatever is sent', async (t) => {
  const { upload, speak } = await withVoice(t)
  isProblem(t, await upload(WEBM), 501, 'voice_not_configured')
  isProblem(t, await speak({ text: 'x' }), 501, 'voice_not_configured')
})

t.test('[VOICE2] without an endpoint a page learns that there is none', async (t) => {
  const { alice } = await withVoice(t)
  t.same((await alice.call('GET', '/api/engineer-chat/voice')).json(), {
    ...{
      transcription: false,
      speech: false,
      inside: false,
      max_audio_bytes: 10_485_760,
      max_speech_characters: 4_096,
    },
  })
})

t.test('[VOICE2] agents have no voice', async (t) => {
  const { harness } = await withVoice(t)
  const agent = await harness.signUp('captain', 'agent')
  isProblem(t, await agent.call('POST', PATH, WEBM, { 'content-type': 'audio/webm' }), 403, 'forbidden')
})

t.test('[VOICE2] a page can find out which voice abilities are configured', async (t) => {
  const env = { VOICE_MAX_AUDIO_BYTES: '2048', VOICE_MAX_SPEECH_CHARACTERS: '10' }
  const { alice } = await withVoice(
    t,
    createVoice(async () => ({ text: 'x', seconds: 1 })),
    { env },
  )
  t.same((await alice.call('GET', '/api/engineer-chat/voice')).json(), {
    ...{ transcription: true, speech: false, inside: false, max_audio_bytes: 2_048, max_speech_characters: 10 },
  })
})

const SMALL = { VOICE_MAX_AUDIO_BYTES: '2048', VOICE_MAX_SPEECH_CHARACTERS: '10' }

/** Makes a voice whose endpoint must not be called. */
function createUnusedVoice(t: Test): Voice {
  const call = () => {
    t.fail('the endpoint was called')
    return Promise.reject(new ChatError('voice_failed'))
  }
  return createVoice(call, call)
}

t.test('[VOICE3] a recording of the wrong kind is refused, by its type or by its content', async (t) => {
  const { upload } = await withVoice(t, createUnusedVoice(t), { env: SMALL })
  for (const type of ['audio/midi', 'video/mp4', 'application/json', 'text/plain'])
    isProblem(t, await upload(WEBM, type), 415, 'unsupported_media_type', type)
  isProblem(t, await upload(Buffer.from('MZ an executable')), 415, 'unsupported_media_type')
})

t.test('[VOICE3] a recording that is empty or too large is refused', async (t) => {
  const { upload } = await withVoice(t, createUnusedVoice(t), { env: SMALL })
  isProblem(t, await upload(Buffer.alloc(0)), 400, 'validation_failed')
  isProblem(t, await upload(Buffer.concat([WEBM, Buffer.alloc(2_048)])), 413, 'payload_too_large')
})

t.test('[VOICE3] a text that is empty, too long or no text is refused', async (t) => {
  const { speak } = await withVoice(t, createUnusedVoice(t), { env: SMALL })
  for (const text of ['', '  ', 'x'.repeat(11), 'a\0b', '\ud800'])
    isProblem(t, await speak({ text }), 400, 'validation_failed', JSON.stringify(text))
})

t.test('[VOICE3] a language is a code, and a voice is a name', async (t) => {
  const { upload, speak } = await withVoice(t, createUnusedVoice(t), { env: SMALL })
  isProblem(t, await upload(WEBM, 'audio/webm', `${PATH}?language=english`), 400, 'validation_failed')
  isProblem(t, await speak({ text: 'x', voice: '../x' }), 400, 'validation_failed')
})

t.test('[VOICE7] the allowed number of recordings runs at once, and another one after one has ended', async (t) => {
  const { promise: done, resolve: finish } = Promise.withResolvers<void>()
  const { promise: full, resolve: isFull } = Promise.withResolvers<void>()
  let calls = 0
  const voice = createVoice(async () => {
    calls += 1
    if (calls === 2) isFull()
    await done
    return { text: 'x', seconds: 1 }
  })
  const { upload } = await withVoice(t, voice, { env: { VOICE_MAX_UPLOADS: '2' } })
  isProblem(t, await upload(Buffer.from('MZ an executable')), 415, 'unsupported_media_type', 'leaves its place')
  const taken = [upload(WEBM), upload(WEBM)]
  await full
  const refused = await upload(WEBM)
  isProblem(t, refused, 503, 'unavailable')
  t.match(refused.json(), { detail: /Too many recordings/ })
  t.ok(Number(refused.headers['retry-after']) > 0)
  finish()
  t.same(
    (await Promise.all(taken)).map(({ statusCode }) => statusCode),
    [200, 200],
  )
  t.equal((await upload(WEBM)).statusCode, 200)
  t.equal(calls, 3)
})

t.test('[VOICE4] a failure of the endpoint is a 502 without internals', async (t) => {
  const fail = async () => {
    const error = new ChatError('voice_failed')
    error.cause = new Error('Voice: the endpoint answered 500')
    throw error
  }
  const { harness, upload, speak } = await withVoice(t, createVoice(fail, fail))
  isProblem(t, await upload(WEBM), 502, 'voice_failed')
  isProblem(t, await speak({ text: 'x' }), 502, 'voice_failed')
  t.match(
    harness.log.filter(({ level }) => level === 'error'),
    [{ event: 'EngineerChat.voice_failed' }, {}],
  )
})

t.test('[VOICE5] each call is recorded with its usage, and without its text', async (t) => {
  const voice = createVoice(
    async () => ({ text: 'Isolate the host.', seconds: 90 }),
    async () => ({ type: 'audio/mpeg', audio: createSound('ID3') }),
  )
  const { harness, stores, alice, upload, speak } = await withVoice(t, voice, {
    budgets: { user: { tokens: 100_000 } },
  })
  const event_id = await harness.createEvent(alice)
  await upload(WEBM, 'audio/webm', `${PATH}?event_id=${event_id}`)
  await speak({ text: '隔离主机 FIN-WS-042。' })
  const of = { user_id: alice.user_id, outcome: 'ok' }
  t.match(stores.data.voiceCalls, [
    { ...of, event_id, kind: 'transcription', model: 'whisper-1', size: 90, cost_micros: 9_000 },
    { ...of, event_id: null, kind: 'speech', model: 'tts-1', size: 16, cost_micros: 240 },
  ])
  t.notMatch(JSON.stringify(stores.data.voiceCalls), /Isolate|隔离/)
  const [{ tokens_spent = 0, ...spend } = {}] = stores.data.spend.values()
  t.match(spend, { tokens_held: 0, micros_spent: 9_240, micros_held: 0 })
  t.ok(tokens_spent > 900 && tokens_spent < 940, `ten a second, and the text’s: ${tokens_spent}`)
})

for (const [what, budgets, isOfEvent] of [
  ['the user’s', { user: { micros: 100 } }, false],
  ['the event’s', { event: { tokens: 1 } }, true],
] as const) {
  t.test(`[VOICE5] what doesn’t fit ${what} budget is refused, and the endpoint is not called`, async (t) => {
    const { harness, alice, upload, speak } = await withVoice(t, createUnusedVoice(t), { budgets })
    const event_id = isOfEvent ? await harness.createEvent(alice) : undefined
    const url = isOfEvent ? `${PATH}?event_id=${event_id}` : PATH

    const recording = await upload(Buffer.concat([WEBM, Buffer.alloc(4_000)]), 'audio/webm', url)
    const speech = await speak({ text: 'x'.repeat(7), ...(isOfEvent && { event_id }) })

    isProblem(t, recording, 429, 'budget_exceeded')
    isProblem(t, speech, 429, 'budget_exceeded')
    t.ok(Number(speech.headers['retry-after']) > 0)
  })
}

t.test('[VOICE5] a failed call costs nothing', async (t) => {
  const fail = () => Promise.reject(new ChatError('voice_failed'))
  const { stores, speak } = await withVoice(t, createVoice(fail, fail), { budgets: { user: { micros: 100 } } })

  const speech = await speak({ text: 'x' })

  isProblem(t, speech, 502, 'voice_failed')
  t.match(stores.data.voiceCalls, [{ outcome: 'failed', cost_micros: null, spent: { tokens: 0, micros: 0 } }])
  t.match([...stores.data.spend.values()][0], { micros_spent: 0, micros_held: 0 })
})

t.test('[VOICE5] a hundred concurrent calls do not exceed the budget, and every spoken text is booked', async (t) => {
  const open = Promise.withResolvers<void>()
  const voice = createVoice(undefined, async () => {
    await open.promise
    return { type: 'audio/mpeg', audio: createSound('ID3') }
  })
  const { stores, speak } = await withVoice(t, voice, { budgets: { all: { micros: 1_000 } } })
  const answers = Array.from({ length: 100 }, () => speak({ text: 'abcd' })) // Each one costs 60.
  await Promise.race(answers)
  open.resolve()
  const codes = (await Promise.all(answers)).map(({ statusCode }) => statusCode)
  t.same([codes.filter((code) => code === 200).length, codes.filter((code) => code === 429).length], [16, 84])
  t.match([...stores.data.spend.values()], [{ micros_spent: 960, micros_held: 0 }])
})

t.test('[VOICE5] an event that the caller may not enter looks like one that does not exist', async (t) => {
  const { speak } = await withVoice(
    t,
    createVoice(undefined, async () => ({ type: 'audio/mpeg', audio: createSound() })),
  )
  isProblem(t, await speak({ text: 'x', event_id: 'nowhere' }), 404, 'event_not_found')
})
