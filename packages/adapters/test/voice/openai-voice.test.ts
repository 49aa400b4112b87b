import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOpenAiVoice } from '@engineer-chat/adapters/voice'
import t, { type Test } from 'tap'

const KEY = 'sk-very-secret'
const neverAborted = new AbortController().signal
const WAV = Buffer.from('RIFF....WAVEfmt the recording itself')

interface EndpointAnswer {
  status?: number
  type?: string
  body?: string | Buffer
  /** The endpoint never answers. */
  hang?: true
  /** The connection breaks after the body. */
  cut?: true
}

async function startEndpoint(
  t: Test,
  { status = 200, type = 'application/json', body = '', hang, cut }: EndpointAnswer,
) {
  const requests: Array<{ url: string | undefined; authorization: string | undefined; type: string; body: string }> = []
  const arrived = Promise.withResolvers<void>()
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { authorization, 'content-type': contentType = '' } = request.headers
    requests.push({
      url: request.url,
      authorization,
      type: contentType,
      body: Buffer.concat(chunks).toString('latin1'),
    })
    arrived.resolve()
    if (hang) return
    response.writeHead(status, { 'content-type': type })
    if (cut) return void response.write(body, () => response.destroy())
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`
  return { url, requests, arrived: arrived.promise }
}

const createVoice = (url: string, overrides: object = {}) =>
  createOpenAiVoice({
    baseUrl: url,
    apiKey: KEY,
    transcriptionModel: 'whisper-1',
    speechModel: 'tts-1',
    speechVoice: 'alloy',
    timeoutMs: 60_000,
    ...overrides,
  })

async function catchFailure(call: Promise<unknown> | undefined): Promise<Error & { cause?: unknown }> {
  const error: unknown = await call?.catch((failure) => failure)
  if (error instanceof Error) return error
  throw new Error('the call did not fail')
}

t.test('[VOICE1] a recording is sent as a form with a file name, and its text is returned', async (t) => {
  const { url, requests } = await startEndpoint(t, { body: '{"text":"隔离主机 first"}' })
  const transcribed = await createVoice(url).transcription?.transcribe(
    { audio: WAV, type: 'audio/wav', language: 'zh' },
    neverAborted,
  )
  t.same(transcribed, { text: '隔离主机 first', seconds: null })
  t.match(requests, [
    { url: '/v1/audio/transcriptions', authorization: `Bearer ${KEY}`, type: /^multipart\/form-data/ },
  ])
  for (const part of ['filename="recording.wav"', 'audio/wav', 'the recording itself', 'whisper-1', 'name="language"'])
    t.match(requests[0]?.body, part)
})

t.test('[VOICE5] the endpoint’s count of a recording’s seconds is used if it reports one', async (t) => {
  // Ten tokens are a second of audio.
  for (const [reported, seconds] of [
    [{ usage: { type: 'duration', seconds: 12 } }, 12],
    [{ usage: { type: 'tokens', input_tokens: 33, input_token_details: { audio_tokens: 25 } } }, 2.5],
    [{ duration: 8.47 }, 8.47],
    [{ usage: null }, null],
    [{ usage: { seconds: -1 }, duration: 'long' }, null],
  ] as const) {
    const { url } = await startEndpoint(t, { body: JSON.stringify({ text: 'x', ...reported }) })
    const transcribed = await createVoice(url).transcription?.transcribe(
      { audio: WAV, type: 'audio/wav' },
      neverAborted,
    )
    t.same(transcribed, { text: 'x', seconds }, JSON.stringify(reported))
  }
  const priced = createVoice('http://127.0.0.1:1', { transcriptionPrice: 0.006 })
  t.match([priced.transcription?.model, priced.speech?.model], [{ price: 0.006 }, { price: null }])
})

t.test('[VOICE1] a text is returned as sound, in the requested voice', async (t) => {
  const { url, requests } = await startEndpoint(t, { type: 'audio/mpeg', body: Buffer.from('ID3 sound') })
  const spoken = await createVoice(url).speech?.speak('Isolate it.', undefined, neverAborted)
  t.equal(spoken?.type, 'audio/mpeg')
  t.equal(Buffer.concat(await Array.fromAsync(spoken?.audio ?? [])).toString(), 'ID3 sound')
  await createVoice(url).speech?.speak('Isolate it.', 'nova', neverAborted)
  const createBody = (voice: string) => ({ model: 'tts-1', input: 'Isolate it.', voice, response_format: 'mp3' })
  t.same(
    requests.map((request) => JSON.parse(request.body)),
    [createBody('alloy'), createBody('nova')],
  )
  t.same(
    requests.map(({ url }) => url),
    ['/v1/audio/speech', '/v1/audio/speech'],
  )
})

t.test('[VOICE2] a voice ability that is not configured does not exist', async (t) => {
  t.same(Object.keys(createVoice('', { baseUrl: undefined })), [])
  t.same(Object.keys(createVoice('http://127.0.0.1:1', { speechModel: undefined })), ['transcription'])
  t.same(Object.keys(createVoice('http://127.0.0.1:1', { transcriptionModel: undefined })), ['speech'])
})

t.test('[VOICE4] failures contain neither the key nor the address nor the endpoint’s text', async (t) => {
  const answers: EndpointAnswer[] = [
    { status: 401, body: 'UPSTREAM' },
    { status: 500, body: 'UPSTREAM' },
    { body: 'UPSTREAM no json' },
    { body: '{"txt":"UPSTREAM"}' },
    { body: '{"te', cut: true },
  ]
  for (const answer of answers) {
    const { url } = await startEndpoint(t, answer)
    const voice = createVoice(url)
    const calls = [
      () => voice.transcription?.transcribe({ audio: WAV, type: 'audio/wav' }, neverAborted),
      () => voice.speech?.speak('x', 'nova', neverAborted),
    ]
    for (const call of calls) {
      const error = await catchFailure(call())
      t.match(error, { code: 'voice_failed' }, JSON.stringify(answer))
      t.notMatch(`${error.message} ${error.cause}`, /UPSTREAM|secret|127\.0\.0\.1/)
    }
  }
  t.match(await catchFailure(createVoice('http://127.0.0.1:1/v1').speech?.speak('x', 'nova', neverAborted)), {
    code: 'voice_failed',
  })
})

t.test('[VOICE4] an abort of the caller or the time limit ends the call', async (t) => {
  const { url, arrived } = await startEndpoint(t, { hang: true })
  const caller = new AbortController()
  const asking = catchFailure(createVoice(url).speech?.speak('x', 'nova', caller.signal))
  await arrived
  const abortReason = new Error('gone')
  caller.abort(abortReason)
  t.equal(await asking, abortReason)
  const hangingEndpoint = await startEndpoint(t, { hang: true })
  t.match(
    await catchFailure(createVoice(hangingEndpoint.url, { timeoutMs: 50 }).speech?.speak('x', 'nova', neverAborted)),
    {
      code: 'voice_failed',
    },
  )
})
