import { ChatError, type Voice } from '@engineer-chat/chat'
import t, { type Test } from 'tap'
import { harness } from './harness.ts'
import { isProblem } from './problems.ts'

const WEBM = Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.from('opus and so on')])
const PATH = '/api/engineer-chat/transcriptions'

async function withVoice(t: Test, voice?: Voice, env: Record<string, string> = {}) {
  const h = await harness({ env, deps: voice ? { voice } : {} })
  t.teardown(() => h.close())
  const alice = await h.person('alice')
  const upload = (audio: unknown, type = 'audio/webm;codecs=opus', url = PATH) =>
    alice.call('POST', url, audio, { 'content-type': type })
  const speak = (body: object) => alice.call('POST', '/api/engineer-chat/speech', body)
  return { h, alice, upload, speak }
}

t.test('[VOICE1] a recording becomes text, and a text sound; nothing of either is logged', async (t) => {
  const heard: unknown[] = []
  const voice: Voice = {
    async transcribe({ audio, type, language }) {
      heard.push({ bytes: audio.length, type, language })
      return ' Isolate the host\0. '
    },
    async speak(text, voice) {
      heard.push({ text, voice })
      return {
        type: 'audio/mpeg',
        audio: (async function* () {
          yield Buffer.from('ID3')
          yield Buffer.from(' sound')
        })(),
      }
    },
  }
  const { h, upload, speak } = await withVoice(t, voice)
  const answer = await upload(WEBM, 'audio/webm;codecs=opus', `${PATH}?language=zh`)
  t.equal(answer.statusCode, 200, answer.body)
  t.same(answer.json(), { text: 'Isolate the host\uFFFD.' })
  const sound = await speak({ text: ' Hello. ', voice: 'nova' })
  t.match(sound.headers, { 'content-type': 'audio/mpeg', 'cache-control': 'no-store' })
  t.equal(sound.body, 'ID3 sound')
  t.same(heard, [
    { bytes: WEBM.length, type: 'audio/webm', language: 'zh' },
    { text: 'Hello.', voice: 'nova' },
  ])
  t.notMatch(JSON.stringify(h.log), /Isolate|Hello/)
})

t.test('[VOICE2] without an endpoint it is 501, whatever is sent; agents have no voice', async (t) => {
  const { h, alice, upload, speak } = await withVoice(t)
  isProblem(t, await upload(WEBM), 501, 'voice_not_configured')
  isProblem(t, await speak({ text: 'x' }), 501, 'voice_not_configured')
  t.same((await alice.call('GET', '/api/engineer-chat/voice')).json(), {
    ...{ transcription: false, speech: false, max_audio_bytes: 10_485_760, max_speech_characters: 4_096 },
  })
  const agent = await h.person('captain', 'agent')
  isProblem(t, await agent.call('POST', PATH, WEBM, { 'content-type': 'audio/webm' }), 403, 'forbidden')
})

t.test('[VOICE2] a page can know what there is before anybody speaks', async (t) => {
  const env = { VOICE_MAX_AUDIO_BYTES: '2048', VOICE_MAX_SPEECH_CHARACTERS: '10' }
  const { alice } = await withVoice(t, { transcribe: async () => 'x' }, env)
  t.same((await alice.call('GET', '/api/engineer-chat/voice')).json(), {
    ...{ transcription: true, speech: false, max_audio_bytes: 2_048, max_speech_characters: 10 },
  })
})

t.test('[VOICE3] recordings of the wrong kind or size, and texts too long or empty, are refused', async (t) => {
  const calls: unknown[] = []
  const voice: Voice = {
    transcribe: async (recording) => `${calls.push(recording)}`,
    speak: async (text) => ({ type: `audio/${calls.push(text)}`, audio: (async function* () {})() }),
  }
  const { upload, speak } = await withVoice(t, voice, {
    VOICE_MAX_AUDIO_BYTES: '2048',
    VOICE_MAX_SPEECH_CHARACTERS: '10',
  })
  for (const type of ['audio/midi', 'video/mp4', 'application/json', 'text/plain'])
    isProblem(t, await upload(WEBM, type), 415, 'unsupported_media_type', type)
  isProblem(t, await upload(Buffer.from('MZ an executable')), 415, 'unsupported_media_type', 'by its content')
  isProblem(t, await upload(Buffer.alloc(0)), 400, 'validation_failed', 'empty')
  isProblem(t, await upload(Buffer.concat([WEBM, Buffer.alloc(2_048)])), 413, 'payload_too_large')
  isProblem(t, await upload(WEBM, 'audio/webm', `${PATH}?language=english`), 400, 'validation_failed')
  for (const text of ['', '  ', 'x'.repeat(11), 'a\0b', '\ud800'])
    isProblem(t, await speak({ text }), 400, 'validation_failed', JSON.stringify(text))
  isProblem(t, await speak({ text: 'x', voice: '../x' }), 400, 'validation_failed')
  t.same(calls, [])
})

t.test('[VOICE4] a failure of the endpoint is a 502 without internals', async (t) => {
  const fail = async () => {
    const error = new ChatError('voice_failed')
    error.cause = new Error('Voice: the endpoint answered 500')
    throw error
  }
  const { h, upload, speak } = await withVoice(t, { transcribe: fail, speak: fail })
  isProblem(t, await upload(WEBM), 502, 'voice_failed')
  isProblem(t, await speak({ text: 'x' }), 502, 'voice_failed')
  t.match(
    h.log.filter(({ level }) => level === 'error'),
    [{ event: 'EngineerChat.voice_failed' }, {}],
  )
})
